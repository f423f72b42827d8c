using LlmSim.Simulation;

namespace LlmSim.Metrics;

/// <summary>Where the value of an endless run of the same load lies, with 95% confidence.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct ConfidenceInterval(SimTime Low, SimTime High)
{
    /// <summary>Half of its width: what stands behind ±.</summary>
    public SimTime HalfWidth => new((High.Nanoseconds - Low.Nanoseconds) / 2);
}
