using System.Globalization;
using LlmSim.Metrics;
using LlmSim.Simulation;

namespace LlmSim.Planning.Objectives;

/// <summary>A bound on the mean or a percentile of a latency over all requests of a run.</summary>
/// <remarks>
/// Requests that met a full queue or were given up count as slower than any bound. Requests that can never run whatever the load, because they are
/// too long, do not count.
/// </remarks>
/// <param name="Measure">The latency.</param>
/// <param name="Percent">The percentile, above 0 and at most 100; null for the mean.</param>
/// <param name="Limit">The most it may be. Above 0.</param>
public sealed record LatencyObjective(LatencyMeasure Measure, double? Percent, SimTime Limit)
{
    /// <summary>The name that flags give it, for example <c>ttft.p99</c>.</summary>
    public string Name => Percent is { } percent
        ? string.Create(CultureInfo.InvariantCulture, $"{ObjectiveText.Word(Measure)}.p{percent}")
        : $"{ObjectiveText.Word(Measure)}.mean";

    /// <summary>The latency that it is about.</summary>
    /// <param name="statistics">A run.</param>
    public LatencySummary Latency(SimulationStatistics statistics) => Measure switch
    {
        LatencyMeasure.FirstToken => statistics.FirstTokenLatency,
        LatencyMeasure.PerOutputToken => statistics.TimePerOutputToken,
        LatencyMeasure.InterToken => statistics.InterTokenLatency,
        LatencyMeasure.EndToEnd => statistics.EndToEndLatency,
        _ => statistics.QueueTime,
    };

    /// <summary>What a run reaches, in seconds; infinite where too many requests failed to say, 0 where there is no sample.</summary>
    /// <param name="statistics">The run.</param>
    public double Seconds(SimulationStatistics statistics)
    {
        LatencySummary latency = Latency(statistics);
        double failed = statistics.QueueFullRejections + statistics.AbortedRequests;
        double answered = statistics.CompletedRequests;
        if (Percent is not { } percent)
        {
            return failed > 0 ? double.PositiveInfinity : latency.Mean.Seconds;
        }

        double among = answered > 0 ? percent * (answered + failed) / answered : 0;
        return answered + failed == 0 ? 0
            : answered == 0 || among > 100 ? double.PositiveInfinity
            : latency.Percentile(among).Seconds;
    }

    /// <summary>What a run reaches over the bound: at most 1 where it is kept.</summary>
    /// <param name="statistics">The run.</param>
    public double Ratio(SimulationStatistics statistics) => Seconds(statistics) / Limit.Seconds;

    /// <inheritdoc />
    public override string ToString() => $"{Name}:{ObjectiveText.Time(Limit)}";
}
