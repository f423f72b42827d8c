namespace LlmSim.Specs.Blocks;

/// <summary>
/// A part of a layer, such as its attention or its MLP. It says which kernels it runs; parameters, weight bytes, cache
/// bytes and times all follow from those. Derive from it to model something new.
/// </summary>
public abstract record LayerBlock
{
    /// <summary>The kernels of this block in one layer on one GPU, in running order.</summary>
    /// <param name="layout">Width of the residual stream, and the GPUs that share the layer.</param>
    public abstract IEnumerable<BlockKernel> Kernels(BlockLayout layout);

    /// <summary>Whether this many GPUs can share the block. Default: any number can.</summary>
    public virtual bool Divides(int ranks) => true;

    /// <summary>
    /// Elements of activations of one token that are alive at once on one GPU, where that may be the model's most.
    /// Default 0: four times the hidden size is assumed in any case.
    /// </summary>
    public virtual long PeakActivations(BlockLayout layout) => 0;
}
