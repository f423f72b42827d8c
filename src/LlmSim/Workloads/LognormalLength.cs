using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>
/// Lognormal: e^(µ + σz) with z standard normal, rounded to the nearest token and cut to the range. µ = ln(mean) − σ²/2, so
/// that the mean before rounding and cutting is the one asked for.
/// </summary>
internal sealed class LognormalLength(RandomStream stream, LengthSpec spec) : LengthSampler
{
    private readonly double _mu = DeterministicMath.Log(spec.Mean) - spec.Sigma * spec.Sigma / 2;
    private readonly double _sigma = spec.Sigma;
    private readonly int _min = spec.Min;
    private readonly int _max = spec.Max;

    /// <inheritdoc />
    public override int Next() => At(stream.NextNormal());

    /// <inheritdoc />
    public override int Quantile(double probability) => At(NormalQuantile.At(probability));

    private int At(double z) => (int)Math.Clamp(Math.Round(DeterministicMath.Exp(_mu + _sigma * z)), _min, _max);
}
