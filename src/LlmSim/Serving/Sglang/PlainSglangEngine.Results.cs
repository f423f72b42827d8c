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
        _inFlight.Enqueue(new PlainSglangStep(parts, shape, times with { Gap = gap }, _lastDecodeEnd, seats, UsedBlocks));
        _lastDecodeEnd = decodes ? step.End : _lastDecodeEnd;
    }

    /// <inheritdoc />
    protected override void Apply(in StepInFlight step)
    {
        PlainSglangStep done = _inFlight.Dequeue();
        BatchShape shape = done.Shape;
        foreach (PlainSglangStep.Part part in done.Parts)
        {
            PlainSglangRequest request = part.Request;
            if (request.IsFinished || request.IsThrownOut)
            {
                shape.SilentSequences += part.IsPrefill ? 0 : 1;
                continue;
            }

            if (part.IsOpen)
            {
                request.OpenChunks--;
                continue;
            }

            if (!part.IsPrefill && request.LastToken.QuantaSince(done.LastDecodeEnd) != 0)
            {
                shape.LateSequences++;
                Meter.ResumedToken(step.End.Nanoseconds - request.LastToken.Nanoseconds);
            }

            Emit(part, step.End);
        }

        Meter.Step(in step.End, shape, done.Times, done.Running, done.UsedBlocks);
    }

    /// <inheritdoc />
    protected override void Revise(in StepInFlight step, StepRecord record) =>
        record.KeepTokens(_inFlight.Peek().Parts.ConvertAll(part => !part.Request.IsFinished && !part.Request.IsThrownOut));

    private void Emit(PlainSglangStep.Part part, EngineClock time)
    {
        PlainSglangRequest request = part.Request;
        request.Pending--;
        request.Output++;
        if (request.Output == 1)
        {
            request.FirstTokenNs = time.Nanoseconds;
            Meter.FirstToken(time.Nanoseconds - request.Inbound.ArrivalNs, time.Nanoseconds - request.FirstScheduledNs);
        }
        else if (part.IsPrefill)
        {
            Meter.ResumedToken(time.Nanoseconds - request.LastToken.Nanoseconds);
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
