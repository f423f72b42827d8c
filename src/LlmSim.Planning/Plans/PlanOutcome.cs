using LlmSim.Metrics;
using LlmSim.Planning.Objectives;
using LlmSim.Specs;

namespace LlmSim.Planning.Plans;

/// <summary>A deployment that was simulated.</summary>
/// <param name="Candidate">The deployment.</param>
/// <param name="Config">Its scenario.</param>
/// <param name="Statistics">The run's figures.</param>
/// <param name="Verdict">The goal that it comes nearest to missing, or misses by most.</param>
public sealed record PlanOutcome(PlanCandidate Candidate, SimulatorConfig Config, SimulationStatistics Statistics, GoalVerdict Verdict)
{
    /// <summary>All GPUs for an hour; null without a price.</summary>
    public double? PerHour => Statistics.Cost?.PerHour;
}
