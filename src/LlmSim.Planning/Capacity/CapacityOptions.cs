using LlmSim.Uncertainty;

namespace LlmSim.Planning.Capacity;

/// <summary>How precisely a capacity is looked for.</summary>
public sealed record CapacityOptions
{
    /// <summary>Width of the interval of run-to-run noise, as a share of the capacity, at which the search ends. From 0.001 to 0.5. Default 0.02.</summary>
    public double Precision { get; init; } = 0.02;

    /// <summary>Most requests of a run; longer ones are not tried. At least 1000. Default a million.</summary>
    public long MostRequests { get; init; } = 1_000_000;

    /// <summary>How the model's own error is carried through. Default <see cref="UncertaintyMode.Fast"/>.</summary>
    public UncertaintyMode Uncertainty { get; init; } = UncertaintyMode.Fast;

    /// <summary>Told of the rate that is thought of and of the requests of the next runs; null for nobody.</summary>
    public Action<double, long>? Progress { get; init; }

    /// <summary>Most threads; −1 for as many as there are cores. The result does not depend on it. Default −1.</summary>
    public int Threads { get; init; } = -1;
}
