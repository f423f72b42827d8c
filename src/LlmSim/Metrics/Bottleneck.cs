using LlmSim.Costs;

namespace LlmSim.Metrics;

/// <summary>The verdict on what limits a deployment.</summary>
/// <param name="Kind">What keeps it from serving more.</param>
/// <param name="Explanation">The verdict in words with the figures it rests on, one or two sentences.</param>
public sealed record Bottleneck(BottleneckKind Kind, string Explanation)
{
    // Requests that wait for less than this share of their latency hardly wait.
    private const double NoticeableWait = 0.1;
    private const double NearlyFull = 0.95;
    private const double MostlyBusy = 0.6;

    /// <summary>Judges a run by its statistics, those of the verdict itself apart.</summary>
    internal static Bottleneck Of(SimulationStatistics s)
    {
        if (s.CompletedRequests == 0)
        {
            return new Bottleneck(BottleneckKind.Unknown, "No request finished, so there is nothing to judge.");
        }

        (BottleneckKind kind, string reason) = Capacity(s);
        return new Bottleneck(kind, s.Breakdown is { TotalSeconds: > 0 } cost ? $"{reason} {StepTime(cost)}" : reason);
    }

    private static (BottleneckKind Kind, string Reason) Capacity(SimulationStatistics s)
    {
        double waitShare = (double)s.QueueTime.Mean.Nanoseconds / Math.Max(1, s.EndToEndLatency.Mean.Nanoseconds);
        string waiting = $"requests spend {waitShare:0%} of their time in the queue";
        if (waitShare < NoticeableWait)
        {
            return (BottleneckKind.LightLoad,
                $"Load is light: {waiting} and {s.RunningRequests.Mean:0.#} of {s.Engine.MaxNumSeqs} seats are taken on average.");
        }

        if (s.Preemptions > 0 || s.KvCacheUsage.Max >= NearlyFull)
        {
            return (BottleneckKind.KvMemory,
                $"KV memory limits the batch: {s.KvCacheUsage.Max:0%} of the blocks were in use at the peak, "
                + $"{s.Preemptions} preemptions, and {waiting}.");
        }

        if (s.Engine.BatchSize > 0)
        {
            return (BottleneckKind.Batching,
                $"Batches limit: {waiting}, until theirs of up to {s.Engine.BatchSize} is full and the one before has ended, and "
                + $"the GPU is busy {s.GpuUtilization:0%} of the time; continuous batching would admit them at the next step.");
        }

        if (s.RunningRequests.Max >= s.Engine.MaxNumSeqs)
        {
            return (BottleneckKind.BatchLimit,
                $"max_num_seqs ({s.Engine.MaxNumSeqs}) limits the batch: all seats were taken while KV memory was at most "
                + $"{s.KvCacheUsage.Max:0%} full, and {waiting}.");
        }

        if (s.GpuUtilization < MostlyBusy)
        {
            return (BottleneckKind.Bursts,
                $"Bursts limit: the GPU is busy only {s.GpuUtilization:0%} of the time, but {waiting}, with up to "
                + $"{s.WaitingRequests.Max:0} waiting at once.");
        }

        return (BottleneckKind.StepTime,
            $"The GPU limits: it is busy {s.GpuUtilization:0%} of the time, seats and KV memory are to spare, and {waiting}.");
    }

    /// <summary>What most of the step time is, as a sentence.</summary>
    internal static string StepTime(CostBreakdown cost)
    {
        CostClass largest = Enum.GetValues<CostClass>().MaxBy(cost.Seconds);
        string words = largest switch
        {
            CostClass.Compute => "bound by arithmetic",
            CostClass.Memory => "bound by memory bandwidth (weights and KV cache are read for every step)",
            CostClass.Communication => "communication between GPUs",
            CostClass.Latency => "fixed latencies of kernels and messages",
            _ => "waiting for the host CPU",
        };
        return $"Of the step time {cost.Seconds(largest) / cost.TotalSeconds:0%} is {words}.";
    }
}
