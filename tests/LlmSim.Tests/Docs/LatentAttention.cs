using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Docs;

/// <summary>The example of docs/models.md.</summary>
internal sealed record LatentAttention(int Heads, int Latent, int Rope) : LayerBlock
{
    public override bool Divides(int ranks) => Heads % ranks == 0;

    public override IEnumerable<BlockKernel> Kernels(BlockLayout layout)
    {
        long heads = layout.Share(Heads);
        long cached = Latent + Rope;
        return
        [
            .. BlockKernel.Norm(layout),
            new MatrixProduct(StepOperator.QkvProjection, layout.HiddenSize, cached),
            new MatrixProduct(StepOperator.QkvProjection, layout.HiddenSize, heads * cached),
            new MemoryPass(StepOperator.RotaryAndKvWrite, 2 * (heads + 1) * Rope, cached),
            new ContextAttention(heads * cached, heads * Latent, cached, ValueElements: 0),
            new MatrixProduct(StepOperator.OutputProjection, heads * Latent, layout.HiddenSize),
            new ResidualReduction(),
        ];
    }
}
