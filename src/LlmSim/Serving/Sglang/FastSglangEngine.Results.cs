using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Serving.Sglang;

/// <content>Steps on their way: what they cost, what they yield, and their record for observers.</content>
internal sealed partial class FastSglangEngine
{
    private void Launch(FastSglangStep launched, ref StepInFlight step, in BatchShape shape)
    {
        StepTimes times = Execute(ref step, shape, default);
        launched.Shape = shape;
        launched.Times = times with { Gap = launched.Decodes ? step.End.QuantaSince(_lastDecodeEnd) : 0 };
        launched.End = step.End;
        launched.Running = launched.Prefills.Count + _running.Count;
        launched.UsedBlocks = _memory.UsedBlocks;
        launched.IsUntold = true;
        _lastDecodeEnd = launched.Decodes ? step.End : _lastDecodeEnd;
        _latest = launched;
        _nextStep ^= 1;
        if (!_overlaps)
        {
            TellStep();
        }
    }

    // Tells the meter of the step decided last: in the overlap loop with the next decision, which may drop what it yields.
    private void TellStep()
    {
        if (_latest is not { IsUntold: true } told)
        {
            return;
        }

        told.IsUntold = false;
        long endNs = told.End.Nanoseconds;
        foreach (int slot in told.Prefills)
        {
            if (slot < 0 || slot == told.Open)
            {
                continue;
            }

            ref Request request = ref _pool[slot];
            if (request.Emitted == 0)
            {
                Meter.FirstToken(endNs - request.ArrivalNs, endNs - request.FirstScheduledNs);
            }
            else
            {
                Meter.ResumedToken(endNs - request.LastTokenNs);
            }
        }

        foreach (int slot in told.Late)
        {
            Meter.ResumedToken(endNs - _pool[slot].LastTokenNs);
        }

        BatchShape shape = told.Shape;
        shape.SilentSequences = told.Silent;
        shape.LateSequences = told.Late.Count;
        Meter.Step(in told.End, shape, told.Times, told.Running, told.UsedBlocks);
    }

    /// <inheritdoc />
    protected override void Apply(in StepInFlight step)
    {
        FastSglangStep done = _steps[_oldestStep];
        _oldestStep ^= 1;
        long endNs = step.End.Nanoseconds;
        foreach (int slot in done.Prefills)
        {
            if (slot >= 0 && slot != done.Open)
            {
                EmitPrefill(slot, endNs);
            }
        }

        foreach (int slot in done.Finishers)
        {
            FinishRunning(slot, endNs);
        }

        _appliedDecodeEndNs = done.Decodes ? endNs : _appliedDecodeEndNs;
    }

    /// <inheritdoc />
    protected override void Revise(in StepInFlight step, StepRecord record) => record.DropTokens(_steps[_oldestStep].Dropped);

    private void EmitPrefill(int slot, long endNs)
    {
        ref Request request = ref _pool[slot];
        request.Emitted++;
        request.FirstTokenNs = request.Emitted == 1 ? endNs : request.FirstTokenNs;
        request.LastTokenNs = endNs;
        if (request.Emitted < request.OutputTokens)
        {
            Cache(slot);
        }
        else if (request.State == RequestState.Finishing)
        {
            FinishRunning(slot, endNs);
        }
        else
        {
            Release(slot, _shares[slot].Filled, request.InputTokens + request.OutputTokens);
            Finish(slot, endNs);
        }
    }

    private void FinishRunning(int slot, long endNs)
    {
        ref Request request = ref _pool[slot];
        Release(slot, (int)(request.ContextBase + _decodes.Call), request.InputTokens + request.OutputTokens);
        _done.Add(slot);
        _lastTokens--;
        _rode += _decodes.Call > request.FinishCall + 1 ? 1 : 0;
        Finish(slot, endNs);
    }

    private void Finish(int slot, long endNs)
    {
        ref Request request = ref _pool[slot];
        request.State = RequestState.Finished;
        _unfinished--;
        Finished(new RequestRecord(
            request.Id,
            new SimTime(request.ArrivalNs),
            new SimTime(request.ReadyNs),
            new SimTime(request.FirstScheduledNs),
            new SimTime(request.FirstTokenNs),
            new SimTime(endNs),
            request.InputTokens,
            request.OutputTokens,
            request.Preemptions,
            request.Class));
    }

    private void Record(StepRecord record, FastSglangStep step)
    {
        record.Running = step.Running;
        record.Waiting = _waiting.Count;
        record.FreeBlocks = _memory.Free / _page;
        record.EvictableBlocks = _memory.Evictable / _page;
        record.NewTokenRatio = _ratio.Value;
        record.IdleTurns = _idleTurns;
        foreach (int slot in step.Prefills)
        {
            ref Request request = ref _pool[slot];
            ref SglangShare share = ref _shares[slot];
            bool isOpen = slot == step.Open;
            int index = isOpen ? 0 : request.Emitted + 1;
            record.AddScheduled(new ScheduledSequence(
                request.Id, share.Extend, share.Prefix, true, index, index == request.OutputTokens));
            record.PartlyPrefilled = isOpen ? request.Id : record.PartlyPrefilled;
        }

        for (int slot = step.Decodes ? _running.First : -1; slot >= 0; slot = _pool[slot].Next)
        {
            ref Request request = ref _pool[slot];
            long call = _decodes.Call - 1;
            int index = request.FinishCall < call ? 0 : request.OutputTokens - (int)(request.FinishCall - call);
            record.AddScheduled(new ScheduledSequence(
                request.Id, 1, (int)(request.ContextBase + call), false, index, index == request.OutputTokens));
        }
    }
}
