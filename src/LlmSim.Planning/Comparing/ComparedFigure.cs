using LlmSim.Metrics;
using LlmSim.Uncertainty;

namespace LlmSim.Planning.Comparing;

/// <summary>A figure that is compared: a row of the table.</summary>
/// <param name="Key">Its name in files.</param>
/// <param name="Label">Its name on the screen, with the unit.</param>
/// <param name="Scale">Factor from the unit of <paramref name="Of"/> to that of the label.</param>
/// <param name="Better">Which way it is to go.</param>
/// <param name="Kind">How much of it stays unexplained on real servers.</param>
/// <param name="Of">Reads it off a run; null where it is missing.</param>
internal sealed record ComparedFigure(
    string Key, string Label, double Scale, Better Better, FigureKind Kind, Func<SimulationStatistics, double?> Of)
{
    /// <summary>Whether it is a latency: beyond capacity it grows with the length of the run.</summary>
    public bool IsLatency => Kind != FigureKind.Rate;

    /// <summary>Whether it follows the number of requests that come: where workloads differ, more of it is not better.</summary>
    public bool FollowsLoad { get; init; }

    /// <summary>Whether it is over the duration of the run, and so depends on how long the last requests take.</summary>
    public bool IsOverDuration => Kind == FigureKind.Rate && Key != "preemptions";

    /// <summary>Whether it says how well users are served or at what cost: what a headline is made of.</summary>
    public bool IsHeadline { get; init; }

    /// <summary>All figures, in the order of the table.</summary>
    public static IReadOnlyList<ComparedFigure> All { get; } =
    [
        Rate("request_throughput", "Request throughput, req/s", Better.More, s => s.RequestsPerSecond) with { FollowsLoad = true },
        Rate("output_throughput", "Output tokens, tok/s", Better.More, s => s.OutputTokensPerSecond) with { FollowsLoad = true, IsHeadline = true },
        Rate("goodput", "Goodput, req/s", Better.More, s => s.Goodput?.RequestsPerSecond) with { FollowsLoad = true, IsHeadline = true },
        .. Latency("ttft", "TTFT", s => s.FirstTokenLatency, isFirst: true, isHeadline: true),
        .. Latency("tpot", "TPOT", s => s.TimePerOutputToken, isFirst: false, isHeadline: true),
        .. Latency("itl", "ITL", s => s.InterTokenLatency, isFirst: false, isHeadline: false),
        .. Latency("e2el", "E2EL", s => s.EndToEndLatency, isFirst: false, isHeadline: true),
        .. Latency("queue_time", "Queue time", s => s.QueueTime, isFirst: true, isHeadline: false),
        Rate("gpu_busy", "GPU busy, %", Better.Neither, s => s.GpuUtilization) with { Scale = 100 },
        Rate("kv_cache_usage", "KV cache in use, %", Better.Neither, s => s.KvCacheUsage.Mean) with { Scale = 100 },
        Rate("preemptions", "Preemptions", Better.Less, s => s.Preemptions),
        Rate("cost_per_million_output_tokens", "Cost of 1M output tokens", Better.Less, s => s.Cost?.PerMillionOutputTokens) with { IsHeadline = true },
    ];

    private static ComparedFigure Rate(string key, string label, Better better, Func<SimulationStatistics, double?> of) =>
        new(key, label, 1, better, FigureKind.Rate, of);

    private static IEnumerable<ComparedFigure> Latency(
        string key, string label, Func<SimulationStatistics, LatencySummary> latency, bool isFirst, bool isHeadline)
    {
        yield return new ComparedFigure($"{key}_mean", $"{label} mean, ms", 1000, Better.Less, isFirst ? FigureKind.MeanTtft : FigureKind.Mean,
            s => latency(s) is { Count: > 0 } known ? known.Mean.Seconds : null)
        { IsHeadline = isHeadline };
        yield return new ComparedFigure($"{key}_p99", $"{label} p99, ms", 1000, Better.Less, isFirst ? FigureKind.TailTtft : FigureKind.Tail,
            s => latency(s) is { Count: > 0 } known ? known.P99.Seconds : null)
        { IsHeadline = isHeadline };
    }
}
