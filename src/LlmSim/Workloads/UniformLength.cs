namespace LlmSim.Workloads;

/// <summary>Every length from <paramref name="min"/> to <paramref name="max"/>, both included, equally likely.</summary>
internal sealed class UniformLength(RandomStream stream, int min, int max) : LengthSampler
{
    /// <inheritdoc />
    public override int Next() => stream.NextInt(min, max);

    /// <inheritdoc />
    public override int Quantile(double probability) => (int)(min + (long)(probability * ((long)max - min + 1)));
}
