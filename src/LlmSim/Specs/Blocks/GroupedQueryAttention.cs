namespace LlmSim.Specs.Blocks;

/// <summary>
/// Attention with rotary embedding: multi-head, grouped-query (fewer key/value heads) or multi-query (one), to all
/// tokens or to the last few.
/// </summary>
public sealed record GroupedQueryAttention : LayerBlock
{
    /// <summary>Query heads. At least 1.</summary>
    public required int Heads { get; init; }

    /// <summary>Key/value heads, a divisor of <see cref="Heads"/>; repeated where there are more GPUs.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Elements of a query or key head. At least 1.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Elements of a value head. At least 1.</summary>
    public required int ValueHeadSize { get; init; }

    /// <summary>Tokens that each token attends to at most, itself included; 0 (default) for all.</summary>
    public int Window { get; init; }

    /// <summary>Whether queries and keys are normalised by a kernel of its own. Default false.</summary>
    public bool QkNorm { get; init; }

    /// <summary>Whether the output is normalised before it joins the residual stream. Default false.</summary>
    public bool PostNorm { get; init; }

    /// <inheritdoc />
    public override bool Divides(int ranks) =>
        Heads % ranks == 0 && (KvHeads % ranks == 0 || ranks % KvHeads == 0);

    /// <inheritdoc />
    public override IEnumerable<BlockKernel> Kernels(BlockLayout layout)
    {
        long heads = layout.Share(Heads);
        long kvHeads = layout.Share(KvHeads);
        long queries = heads * HeadSize;
        long keys = kvHeads * HeadSize;
        long values = kvHeads * ValueHeadSize;
        long outputs = heads * ValueHeadSize;
        MemoryPass[] qkNorm = QkNorm ? [new MemoryPass(StepOperator.Norms, 2 * (queries + keys))] : [];
        return
        [
            .. BlockKernel.Norm(layout),
            new MatrixProduct(StepOperator.QkvProjection, layout.HiddenSize, queries + keys + values),
            .. qkNorm,
            new MemoryPass(StepOperator.RotaryAndKvWrite, 2 * (queries + keys) + keys + values, keys + values),
            new ContextAttention(queries, outputs, keys, values, Window),
            new MatrixProduct(StepOperator.OutputProjection, outputs, layout.HiddenSize),
            new ResidualReduction(),
            .. PostNorm ? BlockKernel.Norm(layout) : [],
        ];
    }
}
