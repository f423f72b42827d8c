namespace LlmSim.Specs;

/// <summary>
/// Multi-head latent attention: the KV cache keeps one short vector of each token, from which keys and values of all heads come, and one rotary
/// key that all heads share.
/// </summary>
/// <remarks>Hugging Face names: kv_lora_rank, q_lora_rank, qk_rope_head_dim.</remarks>
public sealed record LatentSpec
{
    /// <summary>Elements of a token's latent vector. At least 1.</summary>
    public required int KvRank { get; init; }

    /// <summary>Elements of the narrower vector that queries come from. At least 1. Default null: they come from the residual stream.</summary>
    public int? QueryRank { get; init; }

    /// <summary>Elements of the head size that carry the rotary embedding. At least 1, fewer than the model's head size.</summary>
    public required int RopeHeadSize { get; init; }
}
