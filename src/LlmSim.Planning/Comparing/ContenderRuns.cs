using LlmSim.Metrics;
using LlmSim.Uncertainty;

namespace LlmSim.Planning.Comparing;

/// <summary>Everything that was simulated of a contender.</summary>
internal sealed record ContenderRuns
{
    /// <summary>The contender.</summary>
    public required Contender Contender { get; init; }

    /// <summary>The whole workload: what <c>llmsim run</c> gives.</summary>
    public required SimulationStatistics Statistics { get; init; }

    /// <summary>The same interval by interval; empty unless it was asked for.</summary>
    public IReadOnlyList<SeriesRow> Series { get; init; } = [];

    /// <summary>Other requests of the same kind, the same ones for every contender; empty where there are too few.</summary>
    public required IReadOnlyList<SimulationStatistics> Replications { get; init; }

    /// <summary>Runs with the model's errors drawn, those that contenders share the same in each; null where errors are left out.</summary>
    public required DrawnRuns<SimulationStatistics>? Drawn { get; init; }

    /// <summary>Whether the load is beyond capacity.</summary>
    public bool IsOverloaded => Statistics.Queue is { IsBeyondCapacity: true };

    /// <summary>In how many draws of the errors it is.</summary>
    public int DrawsBeyondCapacity => Drawn?.Count(run => run.Queue is { IsBeyondCapacity: true }) ?? 0;
}
