using LlmSim.Planning.Objectives;

namespace LlmSim.Planning.Plans;

/// <summary>What a plan found.</summary>
public sealed record PlanResult
{
    /// <summary>The goals.</summary>
    public required ServiceGoal Goal { get; init; }

    /// <summary>
    /// The deployments that keep the goals and that no other beats: none is as cheap and as fast to the first token and from token to token, or better.
    /// Cheapest first; empty when none keeps the goals.
    /// </summary>
    public required IReadOnlyList<PlanOutcome> Front { get; init; }

    /// <summary>Those that came nearest to keeping the goals without doing so, nearest first, at most five.</summary>
    public required IReadOnlyList<PlanOutcome> Nearest { get; init; }

    /// <summary>Of what costs less than the cheapest that keeps the goals, the one that comes nearest; null for none.</summary>
    public PlanOutcome? CheaperMiss { get; init; }

    /// <summary>Everything that was simulated, in order of cost.</summary>
    public required IReadOnlyList<PlanOutcome> Simulated { get; init; }

    /// <summary>What became of the rest.</summary>
    public required PlanCounts Counts { get; init; }

    /// <summary>Prices of the GPUs, in the order of the space; null where there is none.</summary>
    public required IReadOnlyList<GpuPrice?> Prices { get; init; }

    /// <summary>Whether cost decides; false where a price is missing, and the number of GPUs decides.</summary>
    public required bool RanksByCost { get; init; }

    /// <summary>How sure the choice is; null when none keeps the goals or that was not asked for.</summary>
    public PlanSureness? Sureness { get; init; }
}
