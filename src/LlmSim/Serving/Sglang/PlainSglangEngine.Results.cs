using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Serving.Sglang;

/// <content>Steps on their way: what they cost, what they yield, and their record for observers.</content>
internal sealed partial class PlainSglangEngine
{
    private void Launch(PlainSglangBatch batch, ref StepInFlight step)
    {
        var shape = new BatchShape(Limits.AttentionWindow);
        var parts = new List<PlainSglangStep.Part>();
        for (int i = 0; i < batch.Requests.Count; i++)
        {
            PlainSglangRequest request = batch.Requests[i];
            bool isPrefill = batch.IsPrefill && i < batch.Prefills;
            bool isOpen = isPrefill && request == batch.Chunked;
            int tokens = isPrefill ? request.Extend : 1;
            int context = request.Computed - tokens;
            int index = request.Output + request.Pending;
            parts.Add(new PlainSglangStep.Part(
                request, tokens, context, isPrefill, isOpen, isOpen || index > request.Inbound.OutputTokens ? 0 : index));
            if (isPrefill)
            {
                shape.AddPrefill(tokens, context, !isOpen);
            }
            else
            {
                shape.AddDecode(1, context + 1);
            }
        }

        StepTimes times = Execute(ref step, shape, default);
        bool decodes = shape.DecodeSequences > 0;
        long gap = decodes ? step.End.QuantaSince(_lastDecodeEnd) : 0;
        int seats = parts.Count(p => p.IsPrefill) + (shape.DecodeSequences > 0 ? shape.DecodeSequences : _running.Requests.Count);
        _untold = new PlainSglangStep(parts, shape, times with { Gap = gap }, step.End, _lastDecodeEnd, seats, UsedBlocks);
        _inFlight.Enqueue(_untold);
        _lastDecodeEnd = decodes ? step.End : _lastDecodeEnd;
        if (!Limits.IsAsynchronous)
        {
            TellStep();
        }
    }

    // Tells the meter of the step decided last: in the overlap loop with the next decision, which may drop what it yields.
    private void TellStep()
    {
        if (_untold is not { } step)
        {
            return;
        }

        _untold = null;
        BatchShape shape = step.Shape;
        foreach (PlainSglangStep.Part part in step.Parts)
        {
            PlainSglangRequest request = part.Request;
            bool isSilent = part.Index == 0 || request.IsThrownOut;
            if (isSilent)
            {
                shape.SilentSequences += part.IsPrefill ? 0 : 1;
            }
            else if (part.Index == 1)
            {
                Meter.FirstToken(
                    step.End.Nanoseconds - request.Inbound.ArrivalNs, step.End.Nanoseconds - request.FirstScheduledNs);
            }
            else if (part.IsPrefill || request.LastToken.QuantaSince(step.LastDecodeEnd) != 0)
            {
                shape.LateSequences += part.IsPrefill ? 0 : 1;
                Meter.ResumedToken(step.End.Nanoseconds - request.LastToken.Nanoseconds);
            }
        }

        EngineClock end = step.End;
        Meter.Step(in end, shape, step.Times, step.Running, step.UsedBlocks);
    }

    /// <inheritdoc />
    protected override void Apply(in StepInFlight step)
    {
        foreach (PlainSglangStep.Part part in _inFlight.Dequeue().Parts)
        {
            PlainSglangRequest request = part.Request;
            if (request.IsFinished || request.IsThrownOut)
            {
                continue;
            }

            if (part.IsOpen)
            {
                request.OpenChunks--;
            }
            else
            {
                Emit(part, step.End);
            }
        }
    }

    /// <inheritdoc />
    protected override void Revise(in StepInFlight step, StepRecord record) =>
        record.DropTokens([.. _inFlight.Peek().Parts.Where(part => part.Request.IsThrownOut).Select(part => part.Request.Inbound.Id)]);

    private void Emit(PlainSglangStep.Part part, EngineClock time)
    {
        PlainSglangRequest request = part.Request;
        request.Pending--;
        request.Output++;
        if (request.Output == 1)
        {
            request.FirstTokenNs = time.Nanoseconds;
        }

        request.LastToken = time;
        if (request.Output == request.Inbound.OutputTokens)
        {
            Finish(request, time.Nanoseconds);
        }
        else if (part.IsPrefill)
        {
            Cache(request);
        }
    }

    private void Finish(PlainSglangRequest request, long timeNs)
    {
        request.IsFinished = true;
        _unfinished--;
        if (_tree is not null)
        {
            int kept = Math.Min(_sglang.CachesOutput ? request.KnownTokens : request.Filled, request.Computed) / _page * _page;
            int there = _tree.Insert(request.Path, kept, out _);
            _free += Math.Max(0, there - request.Shared) + Pages(request.Computed) - kept;
            Unlock(request);
        }
        else
        {
            _free += Pages(request.Computed);
        }

        Finished(new RequestRecord(
            request.Inbound.Id,
            new SimTime(request.Inbound.ArrivalNs),
            new SimTime(request.Inbound.ReadyNs),
            new SimTime(request.FirstScheduledNs),
            new SimTime(request.FirstTokenNs),
            new SimTime(timeNs),
            request.Inbound.InputTokens,
            request.Output,
            request.Preemptions,
            request.Inbound.Class));
    }

    private void Record(StepRecord record, PlainSglangStep step)
    {
        record.Running = step.Running;
        record.Waiting = _waiting.Count;
        record.FreeBlocks = _free / _page;
        record.EvictableBlocks = (_tree?.Evictable ?? 0) / _page;
        record.NewTokenRatio = _ratio.Value;
        record.IdleTurns = _idleTurns;
        foreach (PlainSglangStep.Part part in step.Parts)
        {
            record.AddScheduled(new ScheduledSequence(
                part.Request.Inbound.Id, part.Tokens, part.Context, part.IsPrefill, part.Index,
                part.Index == part.Request.Inbound.OutputTokens));
            record.PartlyPrefilled = part.IsOpen ? part.Request.Inbound.Id : record.PartlyPrefilled;
        }
    }
}
