using LlmSim.Metrics;
using LlmSim.Planning.Comparing;
using LlmSim.Reporting.Comparing;

namespace LlmSim.Reporting.Html;

/// <summary>A comparison as a page: what differs and by how much, distributions and levels over each other, where the time goes.</summary>
/// <remarks>Its size does not depend on how many requests there were.</remarks>
internal static class ComparisonHtml
{
    // As many as may be compared; names in report.css.
    private static readonly string[] Colours = ["measured", "simulated", "c3", "c4", "c5", "soft"];

    /// <summary>Gives the page as UTF-8.</summary>
    /// <param name="comparison">What was compared, interval by interval.</param>
    /// <param name="version">Version of the simulator.</param>
    public static byte[] ToUtf8(ScenarioComparison comparison, string version)
    {
        string[] names = [.. comparison.Runs.Select(run => $"{run.Contender.Letter} {run.Contender.Name}")];
        var page = new HtmlPage(string.Join(" and ", names), $"Requests: {ComparisonWords.Requests(comparison)}");
        page.List([.. comparison.Runs.Select(run => $"{run.Contender.Letter}: {ComparisonWords.Of(run.Contender)}")]);
        AddKeys(page, comparison, names);
        page.List([.. ComparisonWords.Warnings(comparison)], isWarning: true);
        for (int other = 1; other < comparison.Runs.Count; other++)
        {
            AddDifferences(page, comparison, other, names);
        }

        page.Section("Distributions");
        page.Charts(Distributions(comparison, names));
        page.Section("Over time");
        page.Charts(OverTime(comparison, names));
        page.Section("Where the time goes");
        page.Charts(TimeCharts.Of(comparison, names, Colours));
        return page.ToUtf8($"llmsim {version} compare, seed {comparison.Runs[0].Contender.Config.Seed}");
    }

    private static void AddKeys(HtmlPage page, ScenarioComparison comparison, string[] names)
    {
        if (comparison.Keys.Count == 0)
        {
            page.Paragraph("They differ in nothing: they are the same scenario.");
            return;
        }

        page.Table(new HtmlTable(["differ in", .. names],
            [.. comparison.Keys.Select(key => (IReadOnlyList<HtmlCell>)[key.Key, .. key.Values.Select(value => (HtmlCell)value)])]));
    }

    private static void AddDifferences(HtmlPage page, ScenarioComparison comparison, int other, string[] names)
    {
        IReadOnlyList<(ComparedFigure Figure, Difference Difference)> all = comparison.Differences(other);
        page.Section($"{names[other]} against A");
        page.Tiles(all.Where(one => one.Figure.IsHeadline).Select(one => Tile(one.Figure, one.Difference)));
        page.List([.. ComparisonWords.Causes(comparison, other)]);
        page.Table(new HtmlTable(["", "A", comparison.Runs[other].Contender.Letter, "change", "95% interval", "verdict"],
            [.. all.Select(one => Row(one.Figure, one.Difference))]));
        page.Paragraph("A difference is real where the 95% interval of the change leaves out 0"
            + (ComparisonWords.Parts(comparison.With(other)) is { } parts ? $". The intervals consist of {parts}." : "."));
    }

    private static FigureTile Tile(ComparedFigure figure, Difference difference)
    {
        (string before, string after) = (ComparisonWords.Number(difference.Before * figure.Scale), ComparisonWords.Number(difference.After * figure.Scale));
        string[] label = figure.Label.Split(',');
        string verdict = difference.Verdict switch
        {
            Verdict.None => "no real difference: ",
            Verdict.NotSteady => "",
            var real => $"{ComparisonWords.Of(real)}: ",
        };
        string interval = difference.Low is null ? "" : $"{ComparisonWords.Interval(difference)}; ";
        return new FigureTile(label[0], difference.Change is { } change ? ComparisonWords.Percent(change) : "not steady")
        {
            Note = $"{interval}{verdict}{before} to {after}{(label.Length > 1 ? label[1] : "")}",
        };
    }

    private static IReadOnlyList<HtmlCell> Row(ComparedFigure figure, Difference difference)
    {
        string? tone = difference.Verdict switch { Verdict.Better => "good", Verdict.Worse => "bad", _ => null };
        return
        [
            figure.Label, ComparisonWords.Number(difference.Before * figure.Scale), ComparisonWords.Number(difference.After * figure.Scale),
            new HtmlCell(ComparisonWords.Percent(difference.Change)) { Tone = tone }, ComparisonWords.Interval(difference),
            new HtmlCell(ComparisonWords.Of(difference.Verdict)) { Tone = tone },
        ];
    }

    private static IEnumerable<Chart> Distributions(ScenarioComparison comparison, string[] names)
    {
        (string Title, Func<SimulationStatistics, LatencySummary> Of)[] latencies =
            [("TTFT", s => s.FirstTokenLatency), ("TPOT", s => s.TimePerOutputToken), ("E2E latency", s => s.EndToEndLatency)];
        foreach ((string title, Func<SimulationStatistics, LatencySummary> of) in latencies)
        {
            DistributionChart.Curve[] curves =
            [
                .. comparison.Runs.Select((run, i) => (Latency: of(run.Statistics), i)).Where(one => one.Latency.Count > 0)
                    .Select(one => new DistributionChart.Curve(names[one.i], Colours[one.i], percent => one.Latency.Percentile(percent).Milliseconds)),
            ];
            if (curves.Length > 0)
            {
                yield return DistributionChart.Of(title, "ms", curves);
            }
        }
    }

    private static IEnumerable<Chart> OverTime(ScenarioComparison comparison, string[] names)
    {
        var grid = new SeriesGrid([.. comparison.Runs.Select(run => run.Series)]);
        if (grid.Moments.Count > 0)
        {
            yield return Level("Running", "requests", row => row.Running);
            yield return Level("Waiting", "requests", row => row.Waiting);
            yield return Level("KV cache in use", "%", row => 100 * row.KvUsage);
        }

        Chart Level(string title, string unit, Func<SeriesRow, double> level) => TimeChart.Of(title, unit, grid.Moments,
            [.. comparison.Runs.Select((run, i) => new TimeChart.Level(names[i], Colours[i], grid.Of(run.Series, level)) { IsBroad = i == 0 })]);
    }
}
