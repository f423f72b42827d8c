using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Pareto (type I): min·(1 − p)^(−1/shape), rounded to the nearest token and cut at the greatest length.</summary>
internal sealed class ParetoLength(RandomStream stream, LengthSpec spec) : QuantileLength(stream, spec.Min, spec.Max)
{
    private readonly double _scale = spec.Min;
    private readonly double _shape = spec.Shape;

    /// <inheritdoc />
    public override int Quantile(double probability) =>
        Cut(_scale * DeterministicMath.Exp(-DeterministicMath.Log(1 - probability) / _shape));
}
