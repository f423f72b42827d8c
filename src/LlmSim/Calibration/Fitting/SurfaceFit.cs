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

    /// <summary>Fits; with it the form's time never falls from one doubling to the next.</summary>
    /// <param name="rows">Both quantities of each row, above 0, and measured over predicted time.</param>
    /// <param name="form">The form's time, which never falls with either quantity.</param>
    public static Surface Run(IEnumerable<(double First, double Second, double Ratio)> rows, Func<double, double, double> form)
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

        double[,] seconds = new double[height, width];
        var thousandths = new List<IReadOnlyList<int>>();
        for (int row = 0; row < height; row++)
        {
            int[] numbers = new int[width];
            for (int column = 0; column < width; column++)
            {
                double alone = form(1L << row, 1L << column);
                double least = Math.Max(row > 0 ? seconds[row - 1, column] : 0, column > 0 ? seconds[row, column - 1] : 0);
                double here = alone * (1 + cells[row, column].Sum / (cells[row, column].Weight + Prior));
                numbers[column] = (int)Math.Ceiling(1000 * (Math.Max(here, least) / alone - 1));
                seconds[row, column] = alone * (1 + numbers[column] / 1000.0);
            }

            thousandths.Add(numbers);
        }

        return new Surface { Thousandths = thousandths };
    }
}
