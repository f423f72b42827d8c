namespace LlmSim.Workloads;

/// <summary>Always the same length. Draws nothing.</summary>
internal sealed class FixedLength(int tokens) : LengthSampler
{
    /// <inheritdoc />
    public override int Next() => tokens;

    /// <inheritdoc />
    public override int Quantile(double probability) => tokens;
}
