using LlmSim.Metrics;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Reporting.Html;

/// <summary>The result of a run as a page: figures with their intervals, distributions, levels over time, where the time goes.</summary>
/// <remarks>Its size does not depend on how many requests there were.</remarks>
internal static class RunHtml
{
    /// <summary>Gives the page as UTF-8.</summary>
    /// <param name="config">What was simulated.</param>
    /// <param name="statistics">What came out.</param>
    /// <param name="intervals">Intervals of its figures; null for those of noise alone.</param>
    /// <param name="course">How it went.</param>
    /// <param name="version">Version of the simulator.</param>
    /// <exception cref="ConfigException">The profile of the kernel times cannot be read.</exception>
    public static byte[] ToUtf8(
        SimulatorConfig config, SimulationStatistics statistics, FigureIntervals? intervals, RunCourse course, string version)
    {
        (string Label, string Text)[] scenario = [.. ConsoleReport.Scenario(config, statistics.Engine)];
        var page = new HtmlPage($"{config.Model.Name} on {config.Cluster.GpuCount ?? config.Parallelism.Gpus} x {config.Cluster.Gpu.Name}",
            scenario[^1].Text);
        page.Paragraph(statistics.Bottleneck.Explanation);
        page.List(statistics.Warnings, isWarning: true);
        var tiles = new RunTiles(statistics, intervals);
        page.Tiles(tiles.All());
        page.Paragraph(tiles.Legend, isSoft: true);
        page.Section("Latencies");
        (string Name, LatencySummary Latency)[] latencies = [.. Latencies(statistics).Where(one => one.Latency.Count > 0)];
        page.Table(LatencyRows(latencies));
        page.Charts(latencies.Select(one => Distribution(one.Name, one.Latency)));
        if (course.Series.Count > 0)
        {
            page.Section("Over time");
            page.Charts(OverTime(course.Series));
        }

        if (course.Requests.Count > 0)
        {
            page.Charts([RequestBars.Of(course.Requests)]);
        }

        if (statistics.Breakdown is { TotalSeconds: > 0 } breakdown)
        {
            page.Section("Where the step time goes");
            page.Charts(StepTimeCharts.Of(breakdown));
        }

        page.Section("Where the times come from");
        page.Table(Origins(config));

        page.Section("Scenario");
        page.List([.. scenario.Select(line => line.Label.Length > 0 ? $"{line.Label}: {line.Text}" : line.Text)]);
        return page.ToUtf8($"llmsim {version} run, seed {config.Seed}");
    }

    private static IEnumerable<(string Name, LatencySummary Latency)> Latencies(SimulationStatistics s) =>
    [
        ("TTFT", s.FirstTokenLatency), ("TPOT", s.TimePerOutputToken), ("Inter-token latency", s.InterTokenLatency), ("E2E latency", s.EndToEndLatency),
        ("Queue time", s.QueueTime),
    ];

    private static HtmlTable LatencyRows(IEnumerable<(string Name, LatencySummary Latency)> latencies) =>
        new(["ms", "mean", "p50", "p90", "p95", "p99", "largest", "count"],
            [.. latencies.Select(one => (IReadOnlyList<HtmlCell>)
                [one.Name, .. new[] { one.Latency.Mean, one.Latency.P50, one.Latency.P90, one.Latency.P95, one.Latency.P99, one.Latency.Max }
                    .Select(time => HtmlCell.Number(time.Milliseconds)), $"{one.Latency.Count}"])]);

    private static Chart Distribution(string name, LatencySummary latency) => DistributionChart.Of(
        name, "ms", new DistributionChart.Curve("simulated", "simulated", percent => latency.Percentile(percent).Milliseconds));

    private static HtmlTable Origins(SimulatorConfig config) => new(["times of", "origin", "±", "measured"],
        [.. TimeSource.Of(config).Select(source => (IReadOnlyList<HtmlCell>)
            [source.Name, HtmlCell.Words($"{source.Origin}".ToLowerInvariant()), Words.Percent(source.Deviation), HtmlCell.Words(source.Detail)])]);

    private static IEnumerable<Chart> OverTime(IReadOnlyList<SeriesRow> series)
    {
        double[] seconds = [.. series.Select(row => (row.Start.Seconds + (row.Length.Seconds / 2)))];
        yield return TimeChart.Of("Requests", "requests", seconds,
            [new("running", "simulated", Values(row => row.Running)), new("waiting", "measured", Values(row => row.Waiting))]);
        yield return TimeChart.Of("KV cache in use", "%", seconds, [new("KV cache", "c3", Values(row => 100 * row.KvUsage))]);
        yield return TimeChart.Of("Output", "tokens/s", seconds, [new("output tokens", "c4", Values(row => row.OutputTokensPerSecond))]);

        double?[] Values(Func<SeriesRow, double> of) => [.. series.Select(row => (double?)of(row))];
    }
}
