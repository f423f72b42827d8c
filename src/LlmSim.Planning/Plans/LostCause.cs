using LlmSim.Metrics;
using LlmSim.Planning.Objectives;
using LlmSim.Serving;

namespace LlmSim.Planning.Plans;

/// <summary>
/// Stops a run as soon as it is certain that it is of no use: so many of its requests are slower than a bound that the percentile must be, or a cheaper
/// deployment is as fast whatever is still to come.
/// </summary>
internal sealed class LostCause : RequestSink
{
    // Percentiles are read from histograms, within 0.4%.
    private const double Blur = 1.005;

    private readonly CancellationTokenSource _stop;
    private readonly Excess[] _objectives;
    private readonly (Excess Ttft, Excess Tpot)[] _rivals;

    /// <summary>Prepares for a run.</summary>
    /// <param name="goal">What must be kept.</param>
    /// <param name="rivals">Cheaper deployments that keep it.</param>
    /// <param name="ttft">The figure of the first token that deployments are compared by.</param>
    /// <param name="tpot">That of the time from token to token.</param>
    /// <param name="requests">Requests of the run.</param>
    /// <param name="stop">Stops it.</param>
    public LostCause(
        ServiceGoal goal, IReadOnlyList<PlanOutcome> rivals, LatencyObjective ttft, LatencyObjective tpot, int requests, CancellationTokenSource stop)
    {
        _stop = stop;
        _objectives = [.. goal.Objectives.Where(IsOfRequests).Select(objective => new Excess(objective, objective.Limit.Nanoseconds, requests))];
        _rivals =
        [
            .. rivals.Select(rival => (
                new Excess(ttft, ttft.Seconds(rival.Statistics) * 1e9, requests), new Excess(tpot, tpot.Seconds(rival.Statistics) * 1e9, requests))),
        ];
    }

    /// <summary>Requests that ended before it was certain.</summary>
    public long Ended { get; private set; }

    /// <inheritdoc />
    public override void Write(in RequestRecord record)
    {
        Ended++;
        bool isLost = false;
        foreach (Excess objective in _objectives)
        {
            objective.Add(record);
            isLost |= objective.IsCertain;
        }

        foreach ((Excess ttft, Excess tpot) in _rivals)
        {
            ttft.Add(record);
            tpot.Add(record);
            isLost |= ttft.IsCertain && tpot.IsCertain;
        }

        if (isLost)
        {
            _stop.Cancel();
        }
    }

    // Gaps between tokens are judged at the end.
    private static bool IsOfRequests(LatencyObjective objective) => objective.Measure != LatencyMeasure.InterToken;

    /// <summary>Counts the requests that are slower than a bound, or adds them up where the bound is one on the mean.</summary>
    private sealed class Excess(LatencyObjective objective, double boundNs, int requests)
    {
        private readonly double _bound = boundNs * Blur;
        private readonly long _enough = requests - (long)((requests - 1) * ((objective.Percent ?? 100) / 100));
        private long _slower;
        private double _sum;

        /// <summary>Whether the percentile, or the mean, lies above the bound whatever is still to come.</summary>
        public bool IsCertain => objective.Percent is null ? _sum > _bound * requests : _slower >= _enough;

        public void Add(in RequestRecord record)
        {
            long latency = objective.Measure switch
            {
                LatencyMeasure.FirstToken => (record.FirstToken - record.Arrival).Nanoseconds,
                LatencyMeasure.EndToEnd => (record.Finish - record.Arrival).Nanoseconds,
                LatencyMeasure.Queue => (record.Scheduled - record.Ready).Nanoseconds,
                _ => record.OutputTokens > 1 ? (record.Finish - record.FirstToken).Nanoseconds / (record.OutputTokens - 1) : 0,
            };
            _slower += latency > _bound ? 1 : 0;
            _sum += latency;
        }
    }
}
