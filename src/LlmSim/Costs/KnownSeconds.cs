namespace LlmSim.Costs;

/// <summary>Times of kernels that were worked out once; what a run asked for, its breakdown and the runs that follow ask for again. Not thread-safe.</summary>
/// <typeparam name="TShape">All that a time depends on but the rows.</typeparam>
/// <param name="maxRows">Most rows that are remembered. At least 0; 0 for none.</param>
internal sealed class KnownSeconds<TShape>(int maxRows)
    where TShape : notnull
{
    private readonly Dictionary<TShape, double[]> _byRows = [];

    /// <summary>The seconds of a kernel; 0 if they are not known.</summary>
    /// <param name="shape">The kernel.</param>
    /// <param name="rows">Its rows. At least 1.</param>
    public double Get(TShape shape, long rows) =>
        rows <= maxRows && _byRows.TryGetValue(shape, out double[]? seconds) ? seconds[rows] : 0;

    /// <summary>Remembers the seconds of a kernel, and returns them.</summary>
    /// <param name="shape">The kernel.</param>
    /// <param name="rows">Its rows. At least 1.</param>
    /// <param name="seconds">Its time. Above 0.</param>
    public double Keep(TShape shape, long rows, double seconds)
    {
        if (rows <= maxRows)
        {
            if (!_byRows.TryGetValue(shape, out double[]? known))
            {
                _byRows.Add(shape, known = new double[maxRows + 1]);
            }

            known[rows] = seconds;
        }

        return seconds;
    }
}
