using LlmSim.Planning.Sweeps;

namespace LlmSim.Reporting.Sweeps;

/// <summary>What is to be said of a sweep in a few lines: how many runs there were, and the best of them.</summary>
internal sealed class SweepTotals : SweepSink
{
    private static readonly int BeyondCapacity = SweepFigures.IndexOf("beyond_capacity");

    private readonly List<Best> _best =
    [
        new("most output tokens/s", "output_throughput", isMost: true), new("lowest mean TTFT, ms", "mean_ttft_ms"),
        new("lowest p99 TTFT, ms", "p99_ttft_ms"), new("lowest mean TPOT, ms", "mean_tpot_ms"), new("lowest mean E2EL, ms", "mean_e2el_ms"),
        new("most goodput, requests/s", "request_goodput", isMost: true), new("lowest cost of 1M output tokens", "cost_per_million_output_tokens"),
    ];

    private readonly long[] _byStatus = new long[Enum.GetValues<RunStatus>().Length];

    /// <summary>Runs whose load is beyond capacity.</summary>
    public long BeyondCapacityRuns { get; private set; }

    /// <summary>The best run by each measure that any run has; of equals, the first.</summary>
    public IEnumerable<Best> BestRuns => _best.Where(best => best.Row is not null);

    /// <summary>How many runs came to an end of some kind.</summary>
    public long Count(RunStatus status) => _byStatus[(int)status];

    /// <inheritdoc />
    public override void Write(SweepRow row)
    {
        _byStatus[(int)row.Status]++;
        BeyondCapacityRuns += row.Figure(BeyondCapacity) is 1 ? 1 : 0;
        foreach (Best best in _best)
        {
            best.Offer(row);
        }
    }

    /// <summary>The best run by one measure.</summary>
    /// <param name="name">What it is best at.</param>
    /// <param name="figure">The measure.</param>
    /// <param name="isMost">Whether more is better.</param>
    public sealed class Best(string name, string figure, bool isMost = false)
    {
        private readonly int _figure = SweepFigures.IndexOf(figure);

        /// <summary>What it is best at.</summary>
        public string Name => name;

        /// <summary>Its value.</summary>
        public double Value { get; private set; }

        /// <summary>The run; null when none has the measure.</summary>
        public SweepRow? Row { get; private set; }

        /// <summary>Takes a run if it is better.</summary>
        public void Offer(SweepRow row)
        {
            if (row.Figure(_figure) is { } value && (Row is null || (isMost ? value > Value : value < Value)))
            {
                (Value, Row) = (value, row);
            }
        }
    }
}
