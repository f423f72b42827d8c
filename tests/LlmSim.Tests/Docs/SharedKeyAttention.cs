using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Docs;

/// <summary>The example of docs/models.md.</summary>
internal sealed record SharedKeyAttention(int Heads, int KvHeads, int HeadSize) : LayerBlock
{
    public override bool Divides(int ranks) => Heads % ranks == 0 && KvHeads % ranks == 0;

    public override IEnumerable<BlockKernel> Kernels(BlockLayout layout)
    {
        long queries = layout.Share(Heads) * HeadSize;
        long keys = layout.Share(KvHeads) * HeadSize;
        return
        [
            .. BlockKernel.Norm(layout),
            new MatrixProduct(StepOperator.QkvProjection, layout.HiddenSize, queries + keys),
            new MemoryPass(StepOperator.RotaryAndKvWrite, 2 * (queries + keys) + keys, keys),
            new ContextAttention(queries, queries, keys, ValueElements: 0),
            new MatrixProduct(StepOperator.OutputProjection, queries, layout.HiddenSize),
            new ResidualReduction(),
        ];
    }
}
