using LlmSim.Costs;

namespace LlmSim.Reporting.Html;

/// <summary>Operators below the roofline of their GPU: what they reach of what memory bandwidth and arithmetic allow at their intensity.</summary>
internal static class RooflineChart
{
    private const double Tera = 1e12;
    private const double Margin = 2; // Factor by which the lines go on beyond the operators.
    private const int MostNames = 3;
    private const double Apart = 3; // Factor of distance, along or up, from which on two names do not lie on each other.

    /// <summary>Draws a dot for each operator that calculates.</summary>
    /// <param name="breakdown">The operators, summed over a run.</param>
    /// <returns>The chart; null when no operator calculates.</returns>
    public static Chart? Of(CostBreakdown breakdown)
    {
        Dot[] dots =
        [
            .. breakdown.Operators.Where(cost => cost is { Flops: > 0, Bytes: > 0, Seconds: > 0 })
                .Select(cost => new Dot(cost.Operator.Label(), cost.Flops / cost.Bytes, cost.Flops / cost.Seconds / Tera, cost.Seconds / breakdown.TotalSeconds)),
        ];
        if (dots.Length == 0)
        {
            return null;
        }

        double peak = breakdown.PeakFlopsPerSecond / Tera, bandwidth = breakdown.PeakBytesPerSecond / Tera, ridge = peak / bandwidth;
        IEnumerable<Dot> corners = new[] { Math.Min(dots.Min(dot => dot.Intensity), ridge) / Margin, ridge, Math.Max(dots.Max(dot => dot.Intensity), ridge) * Margin }
            .Select((intensity, i) => new Dot(i == 1 ? "where the bounds meet" : "", intensity, null, null));
        return new Chart
        {
            Title = "Roofline",
            Description = "Each operator's arithmetic intensity and the rate that it reaches, launches included. Bounds of the GPU: "
                + $"{HtmlNumber.Short(peak)} TFLOP/s, and {HtmlNumber.Short(bandwidth)} TB/s of memory; they meet at {HtmlNumber.Short(ridge)} FLOP/byte.",
            X = new ChartAxis("FLOP/byte", "FLOP/byte") { IsLog = true },
            Y = new ChartAxis("TFLOP/s", "TFLOP/s") { IsLog = true },
            Series =
            [
                new ChartSeries("memory", ChartKind.Line, 1, 3, "measured"),
                new ChartSeries("arithmetic", ChartKind.Line, 1, 4, "c3"),
                new ChartSeries("operators", ChartKind.Dots, 1, 2, "simulated") { IsBroad = true, Names = 0, Marks = [.. Marks(dots)] },
            ],
            Data = new HtmlTable(["operator", "FLOP/byte", "TFLOP/s reached", "memory allows", "arithmetic allows", "% of the step time"],
                [.. dots.Concat(corners).OrderBy(dot => dot.Intensity).Select(dot => Row(dot, peak, bandwidth))]),
        };
    }

    private static IReadOnlyList<HtmlCell> Row(Dot dot, double peak, double bandwidth) =>
    [
        dot.Name, HtmlCell.Number(dot.Intensity), HtmlCell.Number(dot.Rate),
        HtmlCell.Number(dot.Intensity <= peak / bandwidth ? dot.Intensity * bandwidth : null),
        HtmlCell.Number(dot.Intensity >= peak / bandwidth ? peak : null), HtmlCell.Number(100 * dot.Share),
    ];

    // Names of those that take most of the time, as far as there is room.
    private static IEnumerable<(string Name, double X, double Y)> Marks(IEnumerable<Dot> dots)
    {
        var named = new List<Dot>();
        foreach (Dot dot in dots.OrderByDescending(dot => dot.Share))
        {
            if (named.Count < MostNames && named.TrueForAll(other => IsApart(dot.Intensity, other.Intensity) || IsApart(dot.Rate!.Value, other.Rate!.Value)))
            {
                named.Add(dot);
            }
        }

        return named.Select(dot => (dot.Name, dot.Intensity, dot.Rate!.Value));

        static bool IsApart(double one, double other) => Math.Max(one, other) > Apart * Math.Min(one, other);
    }

    private sealed record Dot(string Name, double Intensity, double? Rate, double? Share);
}
