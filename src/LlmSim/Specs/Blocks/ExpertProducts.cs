namespace LlmSim.Specs.Blocks;

/// <summary>Products of each token with the matrices of the experts chosen for it, and what joins them.</summary>
/// <param name="Operator">What reports call it.</param>
/// <param name="Experts">Experts held.</param>
/// <param name="PerToken">Experts that each token goes to.</param>
/// <param name="Hidden">Elements of a token that go in and come out.</param>
/// <param name="Width">One GPU's part of an expert's inner width.</param>
/// <param name="Matrices">Matrices of an expert: 3 when gated (gate, up, down), else 2.</param>
/// <param name="WeightType">Number format of the weights; null for the model's.</param>
public sealed record ExpertProducts(
    StepOperator Operator, int Experts, int PerToken, long Hidden, long Width, int Matrices, DataType? WeightType)
    : BlockKernel
{
    /// <summary>Weights of one expert.</summary>
    public long ExpertElements => Matrices * Hidden * Width;

    /// <inheritdoc />
    public override long Weights => Experts * ExpertElements;

    /// <inheritdoc />
    public override long ActiveWeights => PerToken * ExpertElements;
}
