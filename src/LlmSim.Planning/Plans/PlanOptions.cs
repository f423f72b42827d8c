using LlmSim.Uncertainty;

namespace LlmSim.Planning.Plans;

/// <summary>How a plan is made.</summary>
public sealed record PlanOptions
{
    /// <summary>Prices of GPUs. Default: those that come with llmsim.</summary>
    public PriceTable Prices { get; init; } = PriceTable.Default;

    /// <summary>How the model's own error is carried through to the choice. Default <see cref="UncertaintyMode.Fast"/>.</summary>
    public UncertaintyMode Uncertainty { get; init; } = UncertaintyMode.Fast;

    /// <summary>Told of how many deployments have been simulated, and of how many there are; null for nobody.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>Most threads; −1 for as many as there are cores. The result does not depend on it. Default −1.</summary>
    public int Threads { get; init; } = -1;

    /// <summary>Simulate also what bounds rule out: slow, the same result. Default false.</summary>
    internal bool IsExhaustive { get; init; }
}
