using LlmSim.Metrics;
using LlmSim.Simulation;

namespace LlmSim.Planning.Sweeps;

/// <summary>The figures of a sweep's runs, in the order of their columns; names as in <c>vllm bench serve</c>, times in milliseconds.</summary>
internal static class SweepFigures
{
    private static readonly (string Name, Func<SimulationStatistics, LatencySummary> Of)[] Latencies =
    [
        ("ttft", s => s.FirstTokenLatency), ("tpot", s => s.TimePerOutputToken), ("itl", s => s.InterTokenLatency), ("e2el", s => s.EndToEndLatency),
    ];

    private static readonly (string Name, Func<LatencySummary, SimTime> Of)[] Points =
    [
        ("mean", l => l.Mean), ("median", l => l.P50), ("p90", l => l.P90), ("p95", l => l.P95), ("p99", l => l.P99),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SweepFigure> All { get; } =
    [
        Whole("requests", s => s.TotalRequests),
        Whole("completed", s => s.CompletedRequests),
        Whole("failed", s => s.TotalRequests - s.CompletedRequests),
        Real("duration", s => s.Duration.Seconds),
        Whole("total_input_tokens", s => s.InputTokens),
        Whole("total_output_tokens", s => s.OutputTokens),
        Real("request_throughput", s => s.RequestsPerSecond),
        Real("request_goodput", s => s.Goodput?.RequestsPerSecond),
        Real("goodput_share", s => s.Goodput?.Share),
        Real("output_throughput", s => s.OutputTokensPerSecond),
        Real("total_token_throughput", s => s.TotalTokensPerSecond),
        .. Latencies.SelectMany(latency => Points.Select(point =>
            Real($"{point.Name}_{latency.Name}_ms", s => Milliseconds(latency.Of(s), point.Of)))),
        Real("mean_queue_ms", s => Milliseconds(s.QueueTime, l => l.Mean)),
        Real("p99_queue_ms", s => Milliseconds(s.QueueTime, l => l.P99)),
        Real("mean_ttft_noise_ms", s => s.FirstTokenLatency.MeanInterval?.HalfWidth.Milliseconds),
        Real("mean_e2el_noise_ms", s => s.EndToEndLatency.MeanInterval?.HalfWidth.Milliseconds),
        Real("gpu_utilization", s => s.GpuUtilization),
        Real("mfu", s => s.ModelFlopsUtilization),
        Real("mbu", s => s.MemoryBandwidthUtilization),
        Real("mean_kv_cache_usage", s => s.KvCacheUsage.Mean),
        Real("max_kv_cache_usage", s => s.KvCacheUsage.Max),
        Real("mean_running", s => s.RunningRequests.Mean),
        Whole("max_running", s => s.RunningRequests.Max),
        Real("mean_waiting", s => s.WaitingRequests.Mean),
        Whole("max_waiting", s => s.WaitingRequests.Max),
        Whole("preemptions", s => s.Preemptions),
        Real("prefix_cache_hit_rate", s => s.PrefixCache?.HitRate),
        Whole("beyond_capacity", s => s.Queue is { } queue ? queue.IsBeyondCapacity ? 1 : 0 : null),
        Real("cost_per_hour", s => s.Cost?.PerHour),
        Real("cost_per_million_output_tokens", s => s.Cost?.PerMillionOutputTokens),
        Real("cost_per_million_total_tokens", s => s.Cost?.PerMillionTotalTokens),
    ];

    /// <summary>A figure's place among them.</summary>
    public static int IndexOf(string name)
    {
        for (int i = 0; i < All.Count; i++)
        {
            if (All[i].Name == name)
            {
                return i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(name), name, "no figure");
    }

    // Without a sample there is no latency to speak of.
    private static double? Milliseconds(LatencySummary latency, Func<LatencySummary, SimTime> point) =>
        latency.Count == 0 ? null : point(latency).Milliseconds;

    private static SweepFigure Whole(string name, Func<SimulationStatistics, double?> of) => new(name, IsWhole: true, of);

    private static SweepFigure Real(string name, Func<SimulationStatistics, double?> of) => new(name, IsWhole: false, of);
}
