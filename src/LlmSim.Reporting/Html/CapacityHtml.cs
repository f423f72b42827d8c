using System.Globalization;
using LlmSim.Metrics;
using LlmSim.Planning.Capacity;
using LlmSim.Planning.Objectives;
using LlmSim.Reporting.Capacity;
using LlmSim.Specs;

namespace LlmSim.Reporting.Html;

/// <summary>A capacity as a page: the rate with its interval, latencies and throughput against the rate, where the time goes at capacity.</summary>
internal static class CapacityHtml
{
    private const double WideRange = 8; // From here on between the ends, a logarithmic axis shows more.

    /// <summary>Gives the page as UTF-8.</summary>
    /// <param name="config">The scenario.</param>
    /// <param name="result">The capacity.</param>
    /// <param name="version">Version of the simulator.</param>
    public static byte[] ToUtf8(SimulatorConfig config, CapacityResult result, string version)
    {
        string rate = $"{CapacityReport.Rate(result.RatePerSecond)} {result.Unit}";
        var page = new HtmlPage($"{config.Model.Name} on {config.Cluster.GpuCount ?? config.Parallelism.Gpus} x {config.Cluster.Gpu.Name}: {rate}",
            $"The highest rate with {CapacityReport.GoalText(result.Goal)}");
        page.Paragraph($"What gives out first is {CapacityReport.Limit(result)}");
        page.Tiles(Tiles(result));
        page.Paragraph($"{(result.Interval is null ? "" : "Interval of 80%: ")}{CapacityReport.Sureness(result)}.", isSoft: true);
        page.Section("Load");
        page.Charts([.. CapacityReport.Shown(result.Goal).Select(objective => Latency(result, objective)), Throughput(result)]);
        page.Table(Rows(result));
        if (result.At.Statistics.Breakdown is { TotalSeconds: > 0 } breakdown)
        {
            page.Section("Where the step time goes at capacity");
            page.Charts(StepTimeCharts.Of(breakdown));
        }

        page.Section("Scenario");
        page.List([.. CapacityReport.Scenario(config, result.At.Statistics.Engine).Select(line => line.Label.Length > 0 ? $"{line.Label}: {line.Text}" : line.Text)]);
        return page.ToUtf8($"llmsim {version} capacity, seed {config.Seed}");
    }

    private static IEnumerable<FigureTile> Tiles(CapacityResult result)
    {
        SimulationStatistics at = result.At.Statistics;
        yield return new FigureTile("Capacity", CapacityReport.Rate(result.RatePerSecond), result.Unit)
        {
            Interval = result.Interval is { } ends ? (ends.Low, ends.High) : null,
        };
        foreach (LatencyObjective objective in result.Goal.Objectives)
        {
            yield return new FigureTile(objective.Name, HtmlNumber.Short(objective.Seconds(at) * 1e3), "ms") { Note = $"at most {objective.Limit.Milliseconds:0.###} ms" };
        }

        yield return new FigureTile("Output", HtmlNumber.Short(at.OutputTokensPerSecond), "tokens/s");
        yield return new FigureTile("GPU busy", Words.Percent(at.GpuUtilization));
        yield return new FigureTile("KV cache in use", Words.Percent(at.KvCacheUsage.Mean));
        if (at.Cost is { PerMillionOutputTokens: { } cost })
        {
            yield return new FigureTile("Cost of a million output tokens", HtmlNumber.Short(cost));
        }
    }

    private static Chart Latency(CapacityResult result, LatencyObjective objective)
    {
        double? bound = result.Goal.Objectives.Count > 0 ? objective.Limit.Milliseconds : null;
        double[] values = [.. result.Curve.Select(point => objective.Seconds(point.Statistics) * 1e3)];
        double[] finite = [.. values.Where(double.IsFinite), .. bound is { } limit ? [limit] : Array.Empty<double>()];
        return new Chart
        {
            Title = objective.Name,
            Description = $"{objective.Name} against the rate: {Ms(values[0])} at {CapacityReport.Rate(result.Curve[0].RatePerSecond)} {result.Unit}, "
                + $"{Ms(objective.Seconds(result.At.Statistics) * 1e3)} at capacity, {Ms(objective.Seconds(result.Above.Statistics) * 1e3)} at 5% more.",
            X = new ChartAxis(result.Unit, result.Unit) { Least = 0 },
            Y = new ChartAxis("ms", "ms") { IsLog = finite.Min() > 0 && finite.Max() > WideRange * finite.Min() },
            Series =
            [
                new ChartSeries(objective.Name, ChartKind.Line, 0, 1, "simulated")
                {
                    Marks = [("capacity", result.RatePerSecond, objective.Seconds(result.At.Statistics) * 1e3)],
                },
                .. bound is null ? Array.Empty<ChartSeries>() : [new ChartSeries("bound", ChartKind.Line, 0, 2, "measured")],
            ],
            Data = new HtmlTable([result.Unit, $"{objective.Name}, ms", .. bound is null ? Array.Empty<string>() : ["bound, ms"]],
                [.. result.Curve.Select((point, i) => (IReadOnlyList<HtmlCell>)
                    [HtmlCell.Number(point.RatePerSecond), HtmlCell.Number(values[i]), .. bound is null ? Array.Empty<HtmlCell>() : [HtmlCell.Number(bound)]])]),
        };
    }

    private static Chart Throughput(CapacityResult result) => new()
    {
        Title = "Output",
        Description = $"Output tokens per second against the rate: {result.At.Statistics.OutputTokensPerSecond:0} at capacity.",
        X = new ChartAxis(result.Unit, result.Unit) { Least = 0 },
        Y = new ChartAxis("tokens/s", "tokens/s") { Least = 0 },
        Series = [new ChartSeries("output tokens", ChartKind.Line, 0, 1, "c4")],
        Data = new HtmlTable([result.Unit, "tokens/s"],
            [.. result.Curve.Select(point => (IReadOnlyList<HtmlCell>)
                [HtmlCell.Number(point.RatePerSecond), HtmlCell.Number(point.Statistics.OutputTokensPerSecond)])]),
    };

    private static HtmlTable Rows(CapacityResult result)
    {
        IReadOnlyList<LatencyObjective> shown = CapacityReport.Shown(result.Goal);
        return new HtmlTable(
            [result.Unit, "of capacity", .. shown.Select(objective => $"{objective.Name}, ms"), "output tokens/s", "GPU busy", "KV cache", "running", "waiting", "kept"],
            [.. result.Curve.Select(point => (IReadOnlyList<HtmlCell>)
            [
                CapacityReport.Rate(point.RatePerSecond), point.Share.ToString("0%", CultureInfo.InvariantCulture),
                .. shown.Select(objective => HtmlCell.Number(objective.Seconds(point.Statistics) * 1e3)), HtmlCell.Number(point.Statistics.OutputTokensPerSecond),
                Words.Percent(point.Statistics.GpuUtilization),
                Words.Percent(point.Statistics.KvCacheUsage.Mean), HtmlNumber.Short(point.Statistics.RunningRequests.Mean),
                HtmlNumber.Short(point.Statistics.WaitingRequests.Mean), new HtmlCell(point.Verdict.IsKept ? "yes" : "no") { Tone = point.Verdict.IsKept ? "good" : "bad" },
            ])]);
    }

    private static string Ms(double value) => double.IsFinite(value) ? $"{HtmlNumber.Short(value)} ms" : "without bound";
}
