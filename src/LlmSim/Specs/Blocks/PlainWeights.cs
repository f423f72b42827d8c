namespace LlmSim.Specs.Blocks;

/// <summary>Weights that every GPU holds in 16 bits and whose reading takes no time worth counting (norms).</summary>
/// <param name="Elements">How many.</param>
public sealed record PlainWeights(long Elements) : BlockKernel
{
    /// <inheritdoc />
    public override long Weights => Elements;
}
