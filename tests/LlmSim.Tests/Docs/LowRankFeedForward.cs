using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Docs;

/// <summary>An MLP whose matrices are products of two thin ones, the example of docs/extending.md.</summary>
internal sealed record LowRankFeedForward(int Width, int Rank) : LayerBlock
{
    public override bool Divides(int ranks) => Width % ranks == 0;

    public override IEnumerable<BlockKernel> Kernels(BlockLayout layout)
    {
        long inner = layout.Share(Width);
        return
        [
            .. BlockKernel.Norm(layout),
            new MatrixProduct(StepOperator.MlpUp, layout.HiddenSize, 2 * Rank),
            new MatrixProduct(StepOperator.MlpUp, Rank, 2 * inner),
            new MemoryPass(StepOperator.MlpActivation, 3 * inner),
            new MatrixProduct(StepOperator.MlpDown, inner, Rank),
            new MatrixProduct(StepOperator.MlpDown, Rank, layout.HiddenSize),
            new ResidualReduction(),
        ];
    }
}
