using LlmSim.Workloads;

namespace LlmSim.Calibration.Fitting;

/// <summary>What a fitted form leaves, smoothed over two quantities.</summary>
internal static class SurfaceFit
{
    /// <summary>With fewer rows a surface of some 200 cells would follow single ones.</summary>
    public const int FewestRows = 600;

    private const double Reach = 0.6; // doublings over which neighbours count: e^−½ at so many
    private const double Furthest = 2.5;
    private const double Prior = 3; // rows' worth of no deviation
    private const double MostDeviation = 0.4; // more is a measurement gone wrong

    /// <summary>Fits.</summary>
    /// <param name="rows">Both quantities of each row, above 0, and measured over predicted time.</param>
    public static Surface Run(IEnumerable<(double First, double Second, double Ratio)> rows)
    {
        List<(double First, double Second, double Deviation)> points =
        [
            .. rows.Select(row => (Surface.Doublings(row.First), Surface.Doublings(row.Second), Math.Clamp(row.Ratio - 1, -MostDeviation, MostDeviation))),
        ];
        int height = 1 + (int)Math.Ceiling(points.Max(point => point.First));
        int width = 1 + (int)Math.Ceiling(points.Max(point => point.Second));
        (double Weight, double Sum)[,] cells = new (double Weight, double Sum)[height, width];
        foreach ((double first, double second, double deviation) in points)
        {
            for (int row = Math.Max(0, (int)(first - Furthest)); row < Math.Min(height, first + Furthest); row++)
            {
                for (int column = Math.Max(0, (int)(second - Furthest)); column < Math.Min(width, second + Furthest); column++)
                {
                    (double down, double along) = ((row - first) / Reach, (column - second) / Reach);
                    double weight = DeterministicMath.Exp(-(down * down + along * along) / 2);
                    cells[row, column].Weight += weight;
                    cells[row, column].Sum += weight * deviation;
                }
            }
        }

        return new Surface
        {
            Thousandths =
            [
                .. Enumerable.Range(0, height).Select(row => (IReadOnlyList<int>)
                [
                    .. Enumerable.Range(0, width).Select(column => (int)Math.Round(1000 * cells[row, column].Sum / (cells[row, column].Weight + Prior))),
                ]),
            ],
        };
    }
}
