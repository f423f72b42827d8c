using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Exponential: −µ·ln(1 − p), rounded to the nearest token and cut to the range.</summary>
internal sealed class ExponentialLength(RandomStream stream, LengthSpec spec) : QuantileLength(stream, spec.Min, spec.Max)
{
    private readonly double _mean = spec.Mean;

    /// <inheritdoc />
    public override int Quantile(double probability) => Cut(-_mean * DeterministicMath.Log(1 - probability));
}
