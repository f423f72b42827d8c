namespace LlmSim.Reporting.Html;

/// <summary>Distributions of one figure: for each value, the share of requests that are at or below it.</summary>
internal static class DistributionChart
{
    private const double WideRange = 12; // From here on between the ends, a logarithmic axis shows more.

    // A point for each percent, and closer where tails are.
    private static readonly double[] Percents =
        [0.1, 0.5, .. Enumerable.Range(1, 98).Select(percent => (double)percent), 98.5, 99, 99.25, 99.5, 99.75, 99.9];

    private static readonly double[] Named = [50, 90, 99];

    /// <summary>A distribution.</summary>
    /// <param name="Name">As the key calls it.</param>
    /// <param name="Color">Its colour.</param>
    /// <param name="Percentile">The value below which so many percent lie.</param>
    public sealed record Curve(string Name, string Color, Func<double, double> Percentile);

    /// <summary>Draws distributions over each other; the percentiles of a single one are marked.</summary>
    /// <param name="title">What is distributed.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="curves">The distributions; the first is drawn broad when others are drawn over it. At least one.</param>
    public static Chart Of(string title, string unit, params IReadOnlyList<Curve> curves)
    {
        double[][] values = [.. curves.Select(curve => Percents.Select(curve.Percentile).ToArray())];
        bool isLog = values.All(column => column[0] > 0) && values.Max(column => column[^1]) > WideRange * values.Min(column => column[0]);
        string figures = string.Join(". ", curves.Select(curve => $"{curve.Name}: "
            + string.Join(", ", Named.Select(percent => $"{percent}% up to {HtmlNumber.Short(curve.Percentile(percent))} {unit}"))));
        return new Chart
        {
            Title = title,
            Description = $"Share of requests at or below each value. {figures}.",
            X = new ChartAxis($"{title}, {unit}", unit) { IsLog = isLog },
            Y = new ChartAxis("% of requests", "%") { Least = 0, Most = 100, Step = 25 },
            Series =
            [
                .. curves.Select((curve, i) => new ChartSeries(curve.Name, ChartKind.Line, i + 1, 0, curve.Color)
                {
                    IsBroad = i == 0 && curves.Count > 1,
                    Marks = curves.Count > 1 ? []
                        : [.. Named.Select(percent => ($"p{percent} {HtmlNumber.Short(curve.Percentile(percent))}", curve.Percentile(percent), percent))],
                }),
            ],
            ReadsAlongY = true,
            Data = new HtmlTable(["% of requests", .. curves.Select(curve => $"{curve.Name}, {unit}")],
                [.. Percents.Select((percent, row) => (IReadOnlyList<HtmlCell>)
                    [HtmlCell.Number(percent), .. values.Select(column => HtmlCell.Number(column[row]))])]),
        };
    }
}
