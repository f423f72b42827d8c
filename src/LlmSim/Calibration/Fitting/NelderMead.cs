namespace LlmSim.Calibration.Fitting;

/// <summary>
/// Minimises a function without derivatives: the simplex of Nelder and Mead (1965) with the step sizes of Gao and Han (2012),
/// which suit many dimensions. The same call gives the same bits on any machine.
/// </summary>
internal static class NelderMead
{
    /// <summary>Searches from <paramref name="start"/>.</summary>
    /// <param name="function">What to minimise. Infinite or NaN where it is not defined.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="step">How far the first simplex reaches in each dimension.</param>
    /// <param name="evaluations">How often to call <paramref name="function"/> about.</param>
    /// <returns>The best point seen.</returns>
    public static double[] Minimise(Func<double[], double> function, double[] start, double step, int evaluations)
    {
        int n = start.Length;
        double expand = 1 + 2.0 / n;
        double contract = 0.75 - 1 / (2.0 * n);
        double shrink = 1 - 1.0 / n;
        double[][] points = new double[n + 1][];
        double[] values = new double[n + 1];
        int calls = 0;
        for (int i = 0; i <= n; i++)
        {
            points[i] = [.. start];
            if (i > 0)
            {
                points[i][i - 1] += step;
            }

            values[i] = Value(points[i]);
        }

        double[] centre = new double[n];
        while (calls < evaluations)
        {
            Array.Sort(values, points);
            for (int j = 0; j < n; j++)
            {
                centre[j] = points.Take(n).Sum(point => point[j]) / n;
            }

            double[] reflected = Along(1);
            double reflectedValue = Value(reflected);
            if (reflectedValue < values[0])
            {
                double[] expanded = Along(expand);
                double expandedValue = Value(expanded);
                Replace(expandedValue < reflectedValue ? (expanded, expandedValue) : (reflected, reflectedValue));
            }
            else if (reflectedValue < values[n - 1])
            {
                Replace((reflected, reflectedValue));
            }
            else
            {
                double[] contracted = Along(reflectedValue < values[n] ? contract : -contract);
                double contractedValue = Value(contracted);
                if (contractedValue < Math.Min(reflectedValue, values[n]))
                {
                    Replace((contracted, contractedValue));
                }
                else
                {
                    Shrink();
                }
            }
        }

        return points[Array.IndexOf(values, values.Min())];

        double Value(double[] point)
        {
            calls++;
            double value = function(point);
            return double.IsNaN(value) ? double.PositiveInfinity : value;
        }

        double[] Along(double factor)
        {
            double[] point = new double[n];
            for (int j = 0; j < n; j++)
            {
                point[j] = centre[j] + factor * (centre[j] - points[n][j]);
            }

            return point;
        }

        void Replace((double[] Point, double Value) by) => (points[n], values[n]) = by;

        void Shrink()
        {
            for (int i = 1; i <= n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    points[i][j] = points[0][j] + shrink * (points[i][j] - points[0][j]);
                }

                values[i] = Value(points[i]);
            }
        }
    }
}
