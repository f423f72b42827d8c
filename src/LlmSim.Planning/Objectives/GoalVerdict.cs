namespace LlmSim.Planning.Objectives;

/// <summary>The goal that a run comes nearest to missing, or misses by most.</summary>
/// <param name="Name">Its name, for example <c>ttft.p99</c>.</param>
/// <param name="Objective">The objective, where it is one on a latency.</param>
/// <param name="Ratio">What the run reaches over what is allowed: at most 1 where all goals are kept.</param>
/// <param name="IsPace">Whether it is that the queue keep pace with the requests.</param>
public sealed record GoalVerdict(string Name, LatencyObjective? Objective, double Ratio, bool IsPace = false)
{
    /// <summary>Whether all goals are kept.</summary>
    public bool IsKept => Ratio <= 1;

    internal GoalVerdict Or(GoalVerdict other) => other.Ratio > Ratio ? other : this;
}
