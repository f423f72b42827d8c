namespace LlmSim.Specs.Blocks;

/// <summary>What a block is laid over.</summary>
/// <param name="HiddenSize">Width of the residual stream. At least 1.</param>
/// <param name="Ranks">GPUs that share the layer (tensor parallelism). At least 1.</param>
public readonly record struct BlockLayout(long HiddenSize, int Ranks)
{
    /// <summary>One GPU's part of a width or of a number of heads, rounded up: at least one head each.</summary>
    public long Share(long whole) => (whole + Ranks - 1) / Ranks;
}
