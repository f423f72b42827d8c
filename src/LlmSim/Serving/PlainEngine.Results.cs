using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <content>What a step produced: tokens, finished requests, and the record for observers.</content>
internal sealed partial class PlainEngine
{
    // Told when they are decided, as everything else is.
    private void ReportFirstTokens(List<Sequence> scheduled, long outNs)
    {
        foreach (Sequence sequence in scheduled)
        {
            PlainRequest request = sequence.Request;
            if (sequence.Emits && request.Output + request.Placeholders == 1)
            {
                request.FirstTokenNs = outNs;
                Meter.FirstToken(outNs - request.Inbound.ArrivalNs, outNs - request.FirstScheduledNs);
            }
            else if (sequence.Emits && (sequence.IsPrefill || sequence.IsLate))
            {
                Meter.ResumedToken(outNs - request.LastTokenNs);
            }
        }
    }

    private void Emit(Sequence sequence, in StepInFlight step)
    {
        long outNs = step.Out.Nanoseconds;
        PlainRequest request = sequence.Request;
        request.Placeholders--;
        request.Output++;
        request.LastTokenNs = outNs;
        if (request.IsRunning)
        {
            Register(request, request.Computed - request.Placeholders);
        }

        if (request.Output < request.Inbound.OutputTokens && request.KnownTokens < Limits.MaxModelLen)
        {
            return;
        }

        if (request.IsRunning)
        {
            _running.Remove(request);
        }
        else
        {
            LeaveQueue(request);
            Meter.LeftQueue(step.End.Nanoseconds);
        }

        Free(request);
        Finished(new RequestRecord(
            request.Inbound.Id,
            new SimTime(request.Inbound.ArrivalNs),
            new SimTime(request.Inbound.ReadyNs),
            new SimTime(request.FirstScheduledNs),
            new SimTime(request.FirstTokenNs),
            new SimTime(outNs),
            request.Inbound.InputTokens,
            request.Output,
            request.Preemptions,
            request.Inbound.Class));
    }

    private void Record(StepRecord record, List<Sequence> scheduled)
    {
        record.Running = _running.Count;
        record.Waiting = _waiting.Count;
        record.FreeBlocks = _blocks.Free;
        foreach (Sequence s in scheduled)
        {
            PlainRequest r = s.Request;
            int index = s.Emits ? r.Output + r.Placeholders : 0;
            bool finishes = s.Emits
                && (index >= r.Inbound.OutputTokens || r.Inbound.InputTokens + index >= Limits.MaxModelLen);
            record.AddScheduled(new ScheduledSequence(r.Inbound.Id, s.Tokens, s.Context, s.IsPrefill, index, finishes));
        }
    }
}
