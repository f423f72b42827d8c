using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Simulation;

namespace LlmSim.Metrics;

/// <summary>Everything that was measured in one run.</summary>
public sealed class SimulationMetrics
{
    private static readonly Bottleneck NotJudged = new(BottleneckKind.Unknown, "");

    private readonly MetricsCollector _collector;
    private readonly EngineLimits _limits;
    private readonly CostBreakdown? _breakdown;
    private readonly double? _pricePerHour;
    private readonly int _replicas;

    /// <summary>Wraps what a collector holds at the end of a run.</summary>
    /// <param name="collector">The collector.</param>
    /// <param name="limits">Limits of the engine.</param>
    /// <param name="breakdown">Where the collector's work and busy time went; null when the cost model cannot tell.</param>
    /// <param name="isPartial">Whether the run was stopped before its end.</param>
    /// <param name="replicas">Engines that reported to the collector.</param>
    /// <param name="pricePerHour">Price of all GPUs for an hour; null when none was given.</param>
    internal SimulationMetrics(
        MetricsCollector collector, EngineLimits limits, CostBreakdown? breakdown, bool isPartial, int replicas = 1,
        double? pricePerHour = null)
    {
        _replicas = replicas;
        _collector = collector;
        _limits = limits;
        _breakdown = breakdown;
        _pricePerHour = pricePerHour;
        IsPartial = isPartial;
    }

    /// <summary>Peaks of the run; null unless they were asked for.</summary>
    internal RunPeaks? Peaks { get; init; }

    /// <summary>Whether latencies keep their batches, and with them intervals of noise. Default true.</summary>
    internal bool HasBatches { get; init; } = true;

    /// <summary>Whether the run was stopped before its end.</summary>
    public bool IsPartial { get; }

    /// <summary>Works out the figures of the run.</summary>
    public SimulationStatistics ComputeStatistics()
    {
        MetricsCollector c = _collector;
        long end = IsPartial ? Math.Max(c.End, c.LastFinish) : c.LastFinish;
        var duration = new SimTime(Math.Max(0, end - c.FirstArrival));
        double seconds = duration.Seconds;
        double gpuSeconds = seconds * _limits.PipelineStages * _replicas;
        double busySeconds = _breakdown?.GpuSeconds ?? Seconds(c.BusyQuanta);

        // Beyond capacity there is no steady state whose figures could be narrowed down.
        QueueTrend? queue = QueueTrend.Of(c);
        bool isSteady = HasBatches && queue is not { IsBeyondCapacity: true };

        var statistics = new SimulationStatistics
        {
            TotalRequests = c.Total,
            CompletedRequests = c.Completed,
            RejectedRequests = c.Rejections,
            QueueFullRejections = c.RejectedQueueFull,
            AbortedRequests = c.AbortedRequests,
            WastedInputTokens = c.WastedInputTokens,
            WastedOutputTokens = c.WastedOutputTokens,
            InputTokens = c.InputTokens,
            OutputTokens = c.OutputTokens,
            SimulationTime = new SimTime(Math.Max(end, c.End)),
            Duration = duration,
            ArrivalSpan = new SimTime(c.LastArrival - c.FirstArrival),
            IsPartial = IsPartial,
            FirstTokenLatency = Latency(c.FirstTokenLatency, isSteady),
            EndToEndLatency = Latency(c.EndToEndLatency, isSteady),
            PrefillLatency = Latency(c.PrefillLatency, isSteady),
            TimePerOutputToken = Latency(c.TimePerOutputToken, isSteady),
            InterTokenLatency = Latency(c.InterTokenLatency, isSteady),
            QueueTime = Latency(c.QueueTime, isSteady),
            Goodput = GoodputSummary.Of(c, seconds),
            Classes = c.Classes is not { } classes ? [] : [.. classes.Names.Select((name, i) => ClassSummary.Of(name, classes[i], seconds) with { Queue = IsPartial ? null : QueueTrend.Of(classes[i], c) })],
            Cost = CostSummary.Of(_pricePerHour, seconds, c.OutputTokens, c.InputTokens + c.OutputTokens),
            GpuUtilization = Share(busySeconds, gpuSeconds),
            ModelFlopsUtilization = _breakdown?.Mfu(gpuSeconds),
            MemoryBandwidthUtilization = _breakdown?.Mbu(gpuSeconds),
            // Little's law: the integral of the queue's length is the sum of the waits.
            WaitingRequests = new GaugeSummary(Share((double)c.WaitingNanoseconds / 1e9, seconds), c.MaxWaiting),
            RunningRequests = new GaugeSummary(Share(Seconds(c.RunningQuanta), seconds), c.MaxRunning),
            KvCacheUsage = new GaugeSummary(
                Share(Seconds(c.BlockQuanta), seconds * _limits.UsableBlocks * _replicas),
                Share(c.MaxBlocks, _limits.UsableBlocks)),
            Preemptions = c.Preemptions,
            Swaps = c.Swaps,
            PrefixCache = PrefixCacheSummary.Of(c.PrefixCache),
            Engine = EngineSummary.Of(_limits),
            Breakdown = _breakdown,
            Peaks = Peaks,
            Queue = queue,
            Bottleneck = NotJudged,
            Warnings = [],
        };
        return statistics with { Bottleneck = Bottleneck.Of(statistics), Warnings = RunWarnings.Of(statistics, c) };
    }

    private LatencySummary Latency(LatencyHistogram histogram, bool isSteady) =>
        new(histogram, isSteady ? _collector.Batches.EndsOf(histogram) : []);

    private static double Seconds(Int128 quanta) => (double)quanta / EngineClock.QuantaPerNanosecond / 1e9;

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
