using LlmSim.Planning.Sweeps;
using LlmSim.Workloads;

namespace LlmSim.Reporting.Sweeps;

/// <summary>Keeps as many rows of a sweep as a page can show: all, or of every few successive ones one that is drawn, so that no value of an axis is always missed.</summary>
/// <param name="runs">Rows that will come.</param>
internal sealed class SweepSample(long runs) : SweepSink
{
    /// <summary>Most rows that are kept.</summary>
    public const int Most = 2000;

    private readonly long _each = (runs + Most - 1) / Most;
    private readonly List<SweepRow> _rows = [];

    /// <summary>The rows kept, in order.</summary>
    public IReadOnlyList<SweepRow> Rows => _rows;

    /// <summary>Rows that came.</summary>
    public long Runs => runs;

    /// <inheritdoc />
    public override void Write(SweepRow row)
    {
        (long block, long at) = Math.DivRem(row.Point, _each);
        long drawn = (long)(StableHash.Finish((ulong)block) % (ulong)Math.Min(_each, runs - (block * _each)));
        if (at == drawn)
        {
            _rows.Add(row);
        }
    }
}
