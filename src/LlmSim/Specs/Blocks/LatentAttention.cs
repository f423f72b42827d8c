namespace LlmSim.Specs.Blocks;

/// <summary>
/// Multi-head latent attention of DeepSeek-V2 and later. Every GPU keeps the whole cache of its tokens; heads are divided.
/// </summary>
public sealed record LatentAttention : LayerBlock
{
    /// <summary>Query heads. At least 1.</summary>
    public required int Heads { get; init; }

    /// <summary>Elements of a query or key head, rotary ones included. More than <see cref="LatentSpec.RopeHeadSize"/>.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Elements of a value head. At least 1.</summary>
    public required int ValueHeadSize { get; init; }

    /// <summary>What is kept of a token, and what queries come from.</summary>
    public required LatentSpec Latent { get; init; }

    /// <inheritdoc />
    public override bool Divides(int ranks) => Heads % ranks == 0;

    /// <summary>Queries, latents widened to keys and values, keys with their rotary part, and outputs.</summary>
    public override long PeakActivations(BlockLayout layout) =>
        layout.Share(Heads) * (3L * HeadSize - Latent.RopeHeadSize + 2L * ValueHeadSize);

    /// <inheritdoc />
    public override IEnumerable<BlockKernel> Kernels(BlockLayout layout)
    {
        long heads = layout.Share(Heads);
        long cached = Latent.KvRank + Latent.RopeHeadSize;
        return
        [
            .. BlockKernel.Norm(layout),
            .. Projections(layout.HiddenSize, heads * HeadSize, cached),
            new MemoryPass(StepOperator.RotaryAndKvWrite, 2 * (heads + 1) * Latent.RopeHeadSize + cached, cached),
            new LatentContext(heads, HeadSize, ValueHeadSize, Latent.KvRank, Latent.RopeHeadSize),
            new MatrixProduct(StepOperator.OutputProjection, heads * ValueHeadSize, layout.HiddenSize),
            new ResidualReduction(),
        ];
    }

    // The narrow vectors are whole on every GPU, and come out of one product where there are two.
    private BlockKernel[] Projections(long hidden, long queries, long cached)
    {
        long narrow = Latent.KvRank + (Latent.QueryRank ?? 0);
        BlockKernel[] products = Latent.QueryRank is { } rank
            ? [new MatrixProduct(StepOperator.QkvProjection, hidden, rank + cached), new MatrixProduct(StepOperator.QkvProjection, rank, queries)]
            : [new MatrixProduct(StepOperator.QkvProjection, hidden, cached), new MatrixProduct(StepOperator.QkvProjection, hidden, queries)];
        return [.. products, new MemoryPass(StepOperator.Norms, 2 * narrow), new PlainWeights(narrow)];
    }
}
