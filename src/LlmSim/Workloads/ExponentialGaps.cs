namespace LlmSim.Workloads;

/// <summary>Exponential gaps: a Poisson process.</summary>
internal sealed class ExponentialGaps(RandomStream stream) : UnitGaps
{
    /// <inheritdoc />
    public override double Next() => stream.NextExponential(1);
}
