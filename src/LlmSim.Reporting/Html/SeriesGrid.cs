using LlmSim.Metrics;

namespace LlmSim.Reporting.Html;

/// <summary>Runs of different lengths on one axis of time: levels in intervals that are the same for all.</summary>
internal sealed class SeriesGrid
{
    private readonly double _seconds;
    private readonly int _intervals;

    /// <summary>Takes the longest interval that any of the runs has.</summary>
    /// <param name="runs">The runs, interval by interval; intervals of one are equally long but for the last.</param>
    public SeriesGrid(IReadOnlyList<IReadOnlyList<SeriesRow>> runs)
    {
        _seconds = runs.Where(rows => rows.Count > 0).Select(rows => rows[0].Length.Seconds).DefaultIfEmpty(1).Max();
        double end = runs.Where(rows => rows.Count > 0).Select(rows => rows[^1].Start.Seconds + rows[^1].Length.Seconds).DefaultIfEmpty(0).Max();
        _intervals = (int)Math.Ceiling((end / _seconds) - 1e-9);
        Moments = [.. Enumerable.Range(0, _intervals).Select(i => (i + 0.5) * _seconds)];
    }

    /// <summary>Middles of the intervals, in seconds.</summary>
    public IReadOnlyList<double> Moments { get; }

    /// <summary>A level of a run in each interval, a mean over its time; null after the run's end.</summary>
    public IReadOnlyList<double?> Of(IReadOnlyList<SeriesRow> rows, Func<SeriesRow, double> level)
    {
        double[] sums = new double[_intervals], lengths = new double[_intervals];
        foreach (SeriesRow row in rows)
        {
            int at = Math.Min(_intervals - 1, (int)((row.Start.Seconds + (row.Length.Seconds / 2)) / _seconds));
            sums[at] += level(row) * row.Length.Seconds;
            lengths[at] += row.Length.Seconds;
        }

        return [.. sums.Zip(lengths, (sum, length) => length > 0 ? sum / length : (double?)null)];
    }
}
