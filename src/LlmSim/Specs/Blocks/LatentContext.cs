namespace LlmSim.Specs.Blocks;

/// <summary>
/// Causal attention to the latent vectors of the tokens so far. Prompts widen those that they see to keys and values of each head; decoding sequences
/// take the heads' queries to the latents instead, and the results from there to the heads' outputs.
/// </summary>
/// <param name="Heads">One GPU's query heads.</param>
/// <param name="HeadSize">Elements of a query or key head.</param>
/// <param name="ValueHeadSize">Elements of a value head.</param>
/// <param name="Rank">Elements of a latent vector.</param>
/// <param name="Rope">Elements of the rotary key that all heads share.</param>
public sealed record LatentContext(long Heads, int HeadSize, int ValueHeadSize, int Rank, int Rope) : BlockKernel
{
    /// <summary>Elements of a head's key that come from the latent vector.</summary>
    public int Nope => HeadSize - Rope;

    /// <summary>Elements of a head's key and value that come from the latent vector.</summary>
    public long Widened => Nope + ValueHeadSize;

    /// <summary>FLOPs of a decoding sequence's queries with one latent vector: 2 · (rank + rope) for the score and 2 · rank for the value, each head.</summary>
    public double FlopsPerKey => 2.0 * Heads * (2L * Rank + Rope);

    /// <summary>The matrices that widen latents, which decoding uses the other way round.</summary>
    public override long Weights => Heads * Widened * Rank;

    /// <inheritdoc />
    public override long KeptElements => Rank + Rope;
}
