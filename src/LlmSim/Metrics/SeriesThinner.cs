using LlmSim.Simulation;

namespace LlmSim.Metrics;

/// <summary>
/// Keeps a run in a few hundred intervals however long it is: when there are too many, neighbours become one of twice the length.
/// </summary>
internal sealed class SeriesThinner : SeriesSink
{
    private const int MostRows = 400;

    private readonly List<SeriesRow> _rows = [];
    private SimTime _length;
    private SeriesRow? _open;

    /// <summary>The intervals so far.</summary>
    public IReadOnlyList<SeriesRow> Rows => _rows;

    /// <inheritdoc />
    public override void Write(in SeriesRow row)
    {
        if (_length == default)
        {
            _length = row.Length;
        }

        SeriesRow joined = _open is { } open ? Join(open, row) : row;
        if (joined.Length < _length)
        {
            _open = joined;
            return;
        }

        _open = null;
        _rows.Add(joined);
        if (_rows.Count == MostRows)
        {
            for (int i = 0; i < MostRows / 2; i++)
            {
                _rows[i] = Join(_rows[2 * i], _rows[(2 * i) + 1]);
            }

            _rows.RemoveRange(MostRows / 2, MostRows / 2);
            _length += _length;
        }
    }

    /// <inheritdoc />
    public override void Finish()
    {
        if (_open is { } open)
        {
            _rows.Add(open);
            _open = null;
        }
    }

    // Levels weigh by their lengths.
    private static SeriesRow Join(in SeriesRow a, in SeriesRow b)
    {
        double share = a.Length.Seconds / (a.Length.Seconds + b.Length.Seconds);
        return new SeriesRow(a.Start, a.Length + b.Length, a.Arrivals + b.Arrivals, a.Finished + b.Finished, Mean(a.Waiting, b.Waiting),
            Mean(a.Running, b.Running), Mean(a.KvUsage, b.KvUsage), a.OutputTokens + b.OutputTokens, Mean(a.Busy, b.Busy));

        double Mean(double x, double y) => (share * x) + ((1 - share) * y);
    }
}
