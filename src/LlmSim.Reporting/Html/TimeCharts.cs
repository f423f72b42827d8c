using LlmSim.Costs;
using LlmSim.Planning.Comparing;

namespace LlmSim.Reporting.Html;

/// <summary>Where the time of several configurations goes: bars beside or on each other.</summary>
internal static class TimeCharts
{
    private const int MostOperators = 10;
    private const double Milliseconds = 1000;

    private static readonly string[] PartColours = ["measured", "simulated", "c3", "c4", "c5"];

    /// <summary>The parts of mean latency, and GPU time by what bounds it and by operator.</summary>
    /// <param name="comparison">What was compared.</param>
    /// <param name="names">What the configurations are called.</param>
    /// <param name="colours">Their colours.</param>
    public static IEnumerable<Chart> Of(ScenarioComparison comparison, IReadOnlyList<string> names, IReadOnlyList<string> colours)
    {
        yield return Stacked("Mean E2E latency", comparison,
            [.. LatencyPart.All.Select(part => (part.Name, (Func<ContenderRuns, double>)(run => Milliseconds * part.Of(run.Statistics))))]);
        if (comparison.Runs.All(run => GpuTime.Total(run) is not null))
        {
            yield return Stacked("GPU time per 1,000 output tokens, by what bounds it", comparison,
                [.. Enum.GetValues<CostClass>().Select(one => (Words.Of(one), (Func<ContenderRuns, double>)(run => Milliseconds * GpuTime.Of(run, one)!.Value)))]);
            yield return ByOperator(comparison, names, colours);
        }
    }

    private static Chart Stacked(
        string title, ScenarioComparison comparison, IReadOnlyList<(string Name, Func<ContenderRuns, double> Of)> parts) =>
        new()
        {
            Title = title,
            Description = string.Join(". ", comparison.Runs.Select(run => $"{run.Contender.Letter}: "
                + string.Join(", ", parts.Select(part => $"{part.Name} {HtmlNumber.Short(part.Of(run))} ms")))) + ".",
            X = new ChartAxis("ms", "ms") { Least = 0 },
            Y = new ChartAxis("") { Categories = 0 },
            Series = [.. parts.Select((part, i) => new ChartSeries(part.Name, ChartKind.Bars, i + 1, 0, PartColours[i]) { Stack = "all" })],
            Data = new HtmlTable(["", .. parts.Select(part => $"{part.Name}, ms")],
                [.. comparison.Runs.Select(run => (IReadOnlyList<HtmlCell>)[run.Contender.Letter, .. parts.Select(part => HtmlCell.Number(part.Of(run)))])]),
        };

    private static Chart ByOperator(ScenarioComparison comparison, IReadOnlyList<string> names, IReadOnlyList<string> colours)
    {
        IReadOnlyDictionary<string, double>[] times = [.. comparison.Runs.Select(GpuTime.ByOperator)];
        string[] operators =
        [
            .. times.SelectMany(one => one.Keys).Distinct().OrderByDescending(name => times.Max(one => one.GetValueOrDefault(name))).Take(MostOperators),
        ];
        return new Chart
        {
            Title = "GPU time per 1,000 output tokens, by operator",
            Description = string.Join(". ", times.Select((one, i) => $"{names[i]}: "
                + string.Join(", ", operators.Take(3).Select(name => $"{name} {HtmlNumber.Short(Milliseconds * one.GetValueOrDefault(name))} ms")))) + ".",
            X = new ChartAxis("ms", "ms") { Least = 0 },
            Y = new ChartAxis("") { Categories = 0 },
            Series = [.. names.Select((name, i) => new ChartSeries(name, ChartKind.Bars, i + 1, 0, colours[i]))],
            Data = new HtmlTable(["", .. names.Select(name => $"{name}, ms")],
                [.. operators.Select(name => (IReadOnlyList<HtmlCell>)
                    [name, .. times.Select(one => HtmlCell.Number(Milliseconds * one.GetValueOrDefault(name)))])]),
        };
    }
}
