using LlmSim.Metrics;

namespace LlmSim.Tests.Metrics;

/// <summary>Compares what two collectors hold, to the last bucket and quantum.</summary>
internal static class MetricsDifference
{
    /// <summary>Names of the figures that differ.</summary>
    public static string[] Between(MetricsCollector a, MetricsCollector b)
    {
        (string Name, bool Same)[] figures =
        [
            ("TTFT", a.FirstTokenLatency.Equals(b.FirstTokenLatency)),
            ("ITL", a.InterTokenLatency.Equals(b.InterTokenLatency)),
            ("TPOT", a.TimePerOutputToken.Equals(b.TimePerOutputToken)),
            ("E2E", a.EndToEndLatency.Equals(b.EndToEndLatency)),
            ("prefill latency", a.PrefillLatency.Equals(b.PrefillLatency)),
            ("queue time", a.QueueTime.Equals(b.QueueTime)),
            ("requests", (a.Total, a.Completed, a.CutShort) == (b.Total, b.Completed, b.CutShort)),
            ("rejections", (a.RejectedTooLong, a.RejectedTooManyBlocks) == (b.RejectedTooLong, b.RejectedTooManyBlocks)),
            ("given up", (a.AbortedRequests, a.AbortedUnserved, a.WastedInputTokens, a.WastedOutputTokens, a.RejectedQueueFull)
                == (b.AbortedRequests, b.AbortedUnserved, b.WastedInputTokens, b.WastedOutputTokens, b.RejectedQueueFull)),
            ("tokens", (a.InputTokens, a.OutputTokens) == (b.InputTokens, b.OutputTokens)),
            ("preemptions", (a.Preemptions, a.Swaps) == (b.Preemptions, b.Swaps)),
            ("busy time", a.BusyQuanta == b.BusyQuanta),
            ("running integral", a.RunningQuanta == b.RunningQuanta),
            ("block integral", a.BlockQuanta == b.BlockQuanta),
            ("waiting integral", a.WaitingNanoseconds == b.WaitingNanoseconds),
            ("maxima", (a.MaxRunning, a.MaxBlocks, a.MaxWaiting) == (b.MaxRunning, b.MaxBlocks, b.MaxWaiting)),
            ("times", (a.FirstArrival, a.LastArrival, a.LastFinish, a.End) == (b.FirstArrival, b.LastArrival, b.LastFinish, b.End)),
            ("steps by tokens", a.Work.StepsByTokens.AsSpan().SequenceEqual(b.Work.StepsByTokens)),
            ("steps by sequences", a.Work.StepsBySequences.AsSpan().SequenceEqual(b.Work.StepsBySequences)),
            ("steps by rows", a.Work.StepsByRows.AsSpan().SequenceEqual(b.Work.StepsByRows)),
            ("steps", (a.Work.StepsWithPrefill, a.Work.StepsWithDecode) == (b.Work.StepsWithPrefill, b.Work.StepsWithDecode)),
            ("blocks moved", a.Work.SwappedBlocks == b.Work.SwappedBlocks),
            ("prefill pairs", a.Work.PrefillPairs == b.Work.PrefillPairs),
            ("prefill context", a.Work.PrefillContext == b.Work.PrefillContext),
            ("decode context", a.Work.DecodeContext == b.Work.DecodeContext),
            ("windowed pairs", a.Work.WindowedPairs == b.Work.WindowedPairs),
            ("windowed keys", a.Work.WindowedKeys == b.Work.WindowedKeys),
            ("windowed decode context", a.Work.WindowedDecodeContext == b.Work.WindowedDecodeContext),
        ];
        return [.. figures.Where(figure => !figure.Same).Select(figure => figure.Name)];
    }
}
