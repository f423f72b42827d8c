namespace LlmSim.Specs.Blocks;

/// <summary>A product of the step's tokens with a weight matrix: 2 · inner · outer FLOPs a token.</summary>
/// <param name="Operator">What reports call it.</param>
/// <param name="Inner">Elements of a token that go in.</param>
/// <param name="Outer">Elements that come out.</param>
public sealed record MatrixProduct(StepOperator Operator, long Inner, long Outer) : BlockKernel
{
    /// <inheritdoc />
    public override long Weights => Inner * Outer;

    /// <summary>True when the weights keep 16 bits in a quantised model (routers). Default false.</summary>
    public bool Plain { get; init; }
}
