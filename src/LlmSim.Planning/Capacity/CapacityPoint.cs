using LlmSim.Metrics;
using LlmSim.Planning.Objectives;

namespace LlmSim.Planning.Capacity;

/// <summary>What a deployment does at one rate.</summary>
/// <param name="RatePerSecond">The rate at which requests come.</param>
/// <param name="Share">The same as a share of capacity.</param>
/// <param name="Statistics">The run's figures.</param>
/// <param name="Verdict">The goal that it comes nearest to missing, or misses by most.</param>
public sealed record CapacityPoint(double RatePerSecond, double Share, SimulationStatistics Statistics, GoalVerdict Verdict);
