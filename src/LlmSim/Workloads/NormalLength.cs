using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Normal: µ + σz with z standard normal, rounded to the nearest token and cut to the range.</summary>
internal sealed class NormalLength(RandomStream stream, LengthSpec spec) : QuantileLength(stream, spec.Min, spec.Max)
{
    private readonly double _mean = spec.Mean;
    private readonly double _sigma = spec.Sigma;

    /// <inheritdoc />
    public override int Quantile(double probability) => Cut(_mean + _sigma * NormalQuantile.At(probability));
}
