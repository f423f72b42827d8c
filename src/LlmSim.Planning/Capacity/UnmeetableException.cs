using LlmSim.Planning.Objectives;

namespace LlmSim.Planning.Capacity;

/// <summary>No rate, however low, keeps the goals.</summary>
/// <param name="verdict">The goal that fails first.</param>
/// <param name="lowest">What the deployment does at the lowest rate that was tried.</param>
public sealed class UnmeetableException(GoalVerdict verdict, CapacityPoint lowest) : Exception($"{verdict.Name} is not kept at any rate.")
{
    /// <summary>The goal that fails by most when requests come one at a time.</summary>
    public GoalVerdict Verdict { get; } = verdict;

    /// <summary>What the deployment does at the lowest rate that was tried.</summary>
    public CapacityPoint Lowest { get; } = lowest;
}
