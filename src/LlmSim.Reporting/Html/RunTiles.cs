using LlmSim.Metrics;
using LlmSim.Uncertainty;

namespace LlmSim.Reporting.Html;

/// <summary>The main figures of a run, each with its interval.</summary>
/// <param name="s">What came out.</param>
/// <param name="intervals">Intervals of noise and model error; null for those of noise alone.</param>
internal sealed class RunTiles(SimulationStatistics s, FigureIntervals? intervals)
{
    private const double Last = 99;

    /// <summary>What the intervals are of.</summary>
    public string Legend => intervals is null
        ? "Intervals are of run-to-run noise alone: 95% of such runs lie inside."
        : "Intervals are to hold what the real deployment shows with 80% confidence: they unite run-to-run noise and what the model itself may be wrong by."
            + (IntervalLines.Parts(s, intervals) is { } parts ? $" Of these, {parts}." : "");

    /// <summary>The figures.</summary>
    public IEnumerable<FigureTile> All()
    {
        yield return Latency("TTFT, mean", one => one.FirstTokenLatency, null, isFirst: true);
        yield return Latency("TTFT, p99", one => one.FirstTokenLatency, Last, isFirst: true);
        yield return Latency("TPOT, mean", one => one.TimePerOutputToken, null);
        yield return Latency("TPOT, p99", one => one.TimePerOutputToken, Last);
        yield return Latency("E2E latency, mean", one => one.EndToEndLatency, null);
        yield return Latency("E2E latency, p99", one => one.EndToEndLatency, Last);
        yield return Rate("Output", "tokens/s", one => one.OutputTokensPerSecond) with { Note = $"{HtmlNumber.Short(s.RequestsPerSecond)} requests/s" };
        long failed = s.RejectedRequests + s.AbortedRequests;
        yield return new FigureTile("Requests answered", $"{s.CompletedRequests}") { Note = failed > 0 ? $"{failed} failed" : null };
        if (s.Goodput is { } goodput)
        {
            yield return Rate("Goodput", "requests/s", one => one.Goodput?.RequestsPerSecond) with { Note = $"{Words.Percent(goodput.Share)} keep all objectives" };
        }

        string? utilisation = s is { ModelFlopsUtilization: { } mfu, MemoryBandwidthUtilization: { } mbu } ? $"MFU {Words.Percent(mfu)}, MBU {Words.Percent(mbu)}" : null;
        yield return Share("GPU busy", one => one.GpuUtilization) with { Note = utilisation };
        yield return Share("KV cache in use", one => one.KvCacheUsage.Mean) with
        {
            Note = $"at most {Words.Percent(s.KvCacheUsage.Max)}{(s.Preemptions > 0 ? $", {s.Preemptions} preemptions" : "")}",
        };
        yield return Rate("Running", "requests", one => one.RunningRequests.Mean) with { Note = $"waiting {HtmlNumber.Short(s.WaitingRequests.Mean)}" };
        if (s.Cost is { PerMillionOutputTokens: { } output })
        {
            yield return new FigureTile("Cost of a million output tokens", HtmlNumber.Short(output));
        }
    }

    private FigureTile Latency(string label, Func<SimulationStatistics, LatencySummary> of, double? percent, bool isFirst = false)
    {
        LatencySummary latency = of(s);
        if (latency.Count == 0)
        {
            return new FigureTile(label, "none");
        }

        double value = (percent is { } p ? latency.Percentile(p) : latency.Mean).Milliseconds;
        return new FigureTile(label, HtmlNumber.Short(value), "ms")
        {
            Interval = intervals is null ? Noise(percent is { } q ? latency.PercentileInterval(q) : latency.MeanInterval)
                : Ends(percent is { } r ? intervals.OfPercentile(of, r, isFirst) : intervals.OfMean(of, isFirst), 1e3),
        };
    }

    private FigureTile Rate(string label, string unit, Func<SimulationStatistics, double?> of) =>
        new(label, HtmlNumber.Short(of(s) ?? 0), unit) { Interval = Ends(intervals?.OfRate(of), 1) };

    private FigureTile Share(string label, Func<SimulationStatistics, double?> of) => Rate(label, "%", one => 100 * of(one)) with
    {
        Interval = Ends(intervals?.OfRate(of), 100) is { } ends ? (ends.Low, Math.Min(100, ends.High)) : null,
    };

    private static (double, double)? Noise(ConfidenceInterval? interval) =>
        interval is { } ends ? (ends.Low.Milliseconds, ends.High.Milliseconds) : null;

    private static (double Low, double High)? Ends(PredictionInterval? interval, double scale) =>
        interval is { } ends ? (ends.Low * scale, ends.High * scale) : null;
}
