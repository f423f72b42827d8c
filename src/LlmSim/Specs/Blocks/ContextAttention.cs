namespace LlmSim.Specs.Blocks;

/// <summary>
/// Causal attention to the tokens so far: 2 · (score + value width) FLOPs for each query and key, and what it keeps of
/// each token in the KV cache.
/// </summary>
/// <param name="ScoreWidth">Elements of all query heads.</param>
/// <param name="ValueWidth">Elements of all output heads.</param>
/// <param name="KeyElements">Cache elements of a token read for the scores.</param>
/// <param name="ValueElements">Cache elements of a token read for the values; 0 when those are read from the keys.</param>
/// <param name="Window">Tokens that each token attends to at most, itself included; 0 for all.</param>
public sealed record ContextAttention(
    long ScoreWidth, long ValueWidth, long KeyElements, long ValueElements, int Window = 0) : BlockKernel
{
    /// <inheritdoc />
    public override long KeptElements => KeyElements + ValueElements;
}
