using LlmSim.Costs;

namespace LlmSim.Reporting.Html;

/// <summary>Where the time of the steps goes: by what bounds it, by operator, and each operator below the roofline.</summary>
internal static class StepTimeCharts
{
    private const int MostOperators = 12;

    /// <summary>The charts.</summary>
    /// <param name="breakdown">Where the time went.</param>
    public static IEnumerable<Chart> Of(CostBreakdown breakdown)
    {
        yield return ByClass(breakdown);
        yield return ByOperator(breakdown);
        if (RooflineChart.Of(breakdown) is { } roofline)
        {
            yield return roofline;
        }
    }

    private static Chart ByClass(CostBreakdown breakdown)
    {
        CostClass[] classes = [.. Enum.GetValues<CostClass>().OrderByDescending(breakdown.Seconds)];
        return Shares("By what bounds it", [.. classes.Select(one => (Words.Of(one), breakdown.Seconds(one)))], breakdown.TotalSeconds);
    }

    private static Chart ByOperator(CostBreakdown breakdown) => Shares("By operator",
        [.. breakdown.Operators.OrderByDescending(cost => cost.Seconds).Take(MostOperators)
            .Select(cost => ($"{cost.Operator.Label()}", cost.Seconds))], breakdown.TotalSeconds);

    private static Chart Shares(string title, (string Name, double Seconds)[] parts, double total) => new()
    {
        Title = title,
        Description = string.Join(", ", parts.Where(part => part.Seconds > 0).Select(part => $"{part.Name} {Words.Percent(part.Seconds / total)}")) + ".",
        X = new ChartAxis("% of the step time", "%") { Least = 0 },
        Y = new ChartAxis("") { Categories = 0 },
        Series = [new ChartSeries("share of the step time", ChartKind.Bars, 1, 0, "measured")],
        Data = new HtmlTable(["", "% of the step time", "seconds"],
            [.. parts.Select(part => (IReadOnlyList<HtmlCell>)[part.Name, HtmlCell.Number(100 * part.Seconds / total), HtmlCell.Number(part.Seconds)])]),
    };
}
