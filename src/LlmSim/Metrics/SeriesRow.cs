using LlmSim.Simulation;

namespace LlmSim.Metrics;

/// <summary>What happened in one interval of a run; levels are exact means over its time.</summary>
/// <param name="Start">When it began.</param>
/// <param name="Length">How long it is; the last one ends with the last token.</param>
/// <param name="Arrivals">Requests that reached the server, refused ones included.</param>
/// <param name="Finished">Requests that emitted their last token.</param>
/// <param name="Waiting">Requests in the waiting queue.</param>
/// <param name="Running">Seats taken by steps; none while no step runs.</param>
/// <param name="KvUsage">KV blocks held by steps, as a share of those that requests can hold, from 0 to 1.</param>
/// <param name="OutputTokens">Tokens emitted: those of the steps that ended.</param>
/// <param name="Busy">Share of the time in which a step was in flight, a mean over the replicas, from 0 to 1.</param>
internal readonly record struct SeriesRow(
    SimTime Start, SimTime Length, long Arrivals, long Finished, double Waiting, double Running, double KvUsage, long OutputTokens,
    double Busy)
{
    /// <summary>Tokens emitted per second.</summary>
    public double OutputTokensPerSecond => OutputTokens / Length.Seconds;
}
