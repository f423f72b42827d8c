namespace LlmSim.Specs.Blocks;

/// <summary>A mixture of experts; each GPU holds its part of every expert.</summary>
public sealed record MixtureOfExperts : LayerBlock
{
    /// <summary>Experts, how many a token goes to, and their widths.</summary>
    public required ExpertsSpec Experts { get; init; }

    /// <summary>Whether a gate multiplies the inner activations, at the cost of a third matrix. Default true.</summary>
    public bool Gated { get; init; } = true;

    /// <summary>Whether the output is normalised before it joins the residual stream. Default false.</summary>
    public bool PostNorm { get; init; }

    /// <inheritdoc />
    public override bool Divides(int ranks) => Experts.Width % ranks == 0 && Experts.SharedWidth % ranks == 0;

    /// <summary>
    /// For each expert of a token the outputs of its two products, the first of which reuses the space of the second
    /// (vLLM's <c>fused_moe</c>).
    /// </summary>
    public override long PeakActivations(BlockLayout layout)
    {
        long width = layout.Share(Experts.Width);
        return Experts.PerToken * (Math.Max(2 * width, layout.HiddenSize) + width);
    }

    /// <inheritdoc />
    public override IEnumerable<BlockKernel> Kernels(BlockLayout layout) =>
    [
        .. BlockKernel.Norm(layout),
        new MatrixProduct(StepOperator.Router, layout.HiddenSize, Experts.Count) { Plain = true },
        new MemoryPass(StepOperator.Router, Experts.Count + 2 * Experts.PerToken),
        .. Experts.SharedWidth > 0 ? FeedForward.Products(layout, Experts.SharedWidth, Gated) : [],
        new ExpertProducts(StepOperator.Experts, Experts.Count, Experts.PerToken, layout.HiddenSize,
            layout.Share(Experts.Width), Gated ? 3 : 2, Experts.WeightType),
        new ResidualReduction(),
        .. PostNorm ? BlockKernel.Norm(layout) : [],
    ];
}
