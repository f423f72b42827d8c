namespace LlmSim.Specs.Blocks;

/// <summary>An MLP: up (and gate), activation, down.</summary>
public sealed record FeedForward : LayerBlock
{
    /// <summary>Inner width. At least 1.</summary>
    public required int Width { get; init; }

    /// <summary>Whether a gate multiplies the inner activations, at the cost of a third matrix. Default true.</summary>
    public bool Gated { get; init; } = true;

    /// <summary>Whether the output is normalised before it joins the residual stream. Default false.</summary>
    public bool PostNorm { get; init; }

    /// <inheritdoc />
    public override bool Divides(int ranks) => Width % ranks == 0;

    /// <inheritdoc />
    public override long PeakActivations(BlockLayout layout) => 2 * layout.Share(Width);

    /// <inheritdoc />
    public override IEnumerable<BlockKernel> Kernels(BlockLayout layout) =>
    [
        .. BlockKernel.Norm(layout),
        .. Products(layout, Width, Gated),
        new ResidualReduction(),
        .. PostNorm ? BlockKernel.Norm(layout) : [],
    ];

    /// <summary>The three kernels of an MLP of this width.</summary>
    internal static IEnumerable<BlockKernel> Products(BlockLayout layout, int width, bool gated)
    {
        int branches = gated ? 2 : 1;
        long inner = layout.Share(width);
        return
        [
            new MatrixProduct(StepOperator.MlpUp, layout.HiddenSize, branches * inner),
            new MemoryPass(StepOperator.MlpActivation, (branches + 1) * inner),
            new MatrixProduct(StepOperator.MlpDown, inner, layout.HiddenSize),
        ];
    }
}
