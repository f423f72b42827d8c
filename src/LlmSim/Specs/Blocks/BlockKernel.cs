namespace LlmSim.Specs.Blocks;

/// <summary>
/// Work of one kernel (or weights of their own) in one layer on one GPU, in elements: number formats and rates come
/// later. Equal kernels of different blocks are one and the same operator.
/// </summary>
public abstract record BlockKernel
{
    private protected BlockKernel()
    {
    }

    /// <summary>Weights that one GPU holds for it. Default none.</summary>
    public virtual long Weights => 0;

    /// <summary>Weights that one token meets: all but those of experts it does not go to.</summary>
    public virtual long ActiveWeights => Weights;

    /// <summary>Elements in the KV cache's format that one GPU keeps of each token. Default none.</summary>
    public virtual long KeptElements => 0;

    /// <summary>A norm over the residual stream with the residual sum fused in, and its weights.</summary>
    public static IEnumerable<BlockKernel> Norm(BlockLayout layout) =>
        [new MemoryPass(StepOperator.Norms, 4 * layout.HiddenSize), new PlainWeights(layout.HiddenSize)];
}
