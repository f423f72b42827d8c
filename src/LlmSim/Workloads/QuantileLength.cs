namespace LlmSim.Workloads;

/// <summary>
/// A law drawn by inversion: one uniform per draw and increasing in it, so that common random numbers keep their order.
/// </summary>
internal abstract class QuantileLength(RandomStream stream, int min, int max) : LengthSampler
{
    /// <inheritdoc />
    public override int Next() => Quantile(stream.NextOpenDouble());

    /// <summary>Rounded to the nearest token and cut to the range.</summary>
    protected int Cut(double tokens) => (int)Math.Clamp(Math.Round(tokens), min, max);
}
