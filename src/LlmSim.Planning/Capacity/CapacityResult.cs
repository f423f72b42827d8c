using LlmSim.Planning.Objectives;
using LlmSim.Uncertainty;

namespace LlmSim.Planning.Capacity;

/// <summary>The highest rate at which a deployment keeps its goals.</summary>
public sealed record CapacityResult
{
    /// <summary>The goals.</summary>
    public required ServiceGoal Goal { get; init; }

    /// <summary>The middle of the interval of noise; <see cref="RatePerSecond"/> lies below it, where the goals are kept for certain.</summary>
    public required double EstimatePerSecond { get; init; }

    /// <summary>The rate, in requests, or conversations, per second, up to which the goals are kept.</summary>
    public required double RatePerSecond { get; init; }

    /// <summary>What it counts: <c>requests/s</c> or <c>conversations/s</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Half the width of the 95% interval of run-to-run noise, as a share of its middle; 0 for a trace, which is always the same.</summary>
    public required double Noise { get; init; }

    /// <summary>Deviation of the rate's logarithm from the model's errors; null when they were not drawn.</summary>
    public double? ModelError { get; init; }

    /// <summary>Where the real deployment's capacity lies, with 80% confidence, noise and model error together; null when errors were not drawn.</summary>
    public PredictionInterval? Interval { get; init; }

    /// <summary>Whether the interval of noise became as narrow as was asked for.</summary>
    public required bool IsPrecise { get; init; }

    /// <summary>Requests of each of the last runs of the search.</summary>
    public required long Requests { get; init; }

    /// <summary>How many different draws of the requests were searched; 1 for a trace.</summary>
    public required int Replications { get; init; }

    /// <summary>How many runs it took in all.</summary>
    public required int Runs { get; init; }

    /// <summary>A long run at the rate.</summary>
    public required CapacityPoint At { get; init; }

    /// <summary>A long run at 5% more.</summary>
    public required CapacityPoint Above { get; init; }

    /// <summary>Runs at lower and higher rates, in order of rate, the two long ones among them.</summary>
    public required IReadOnlyList<CapacityPoint> Curve { get; init; }
}
