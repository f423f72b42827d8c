namespace LlmSim.Specs;

/// <summary>A decoder-only Transformer: the shape that decides its work, weights and KV cache.</summary>
/// <remarks>
/// Field names follow Hugging Face's <c>config.json</c> in meaning: hidden_size, num_hidden_layers, num_attention_heads,
/// num_key_value_heads, head_dim, intermediate_size, vocab_size, max_position_embeddings.
/// </remarks>
public sealed record ModelSpec
{
    /// <summary>Name as people write it, for example <c>llama-2-7b</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Width of the residual stream. At least 1.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Number of Transformer layers. At least 1.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads per layer. At least 1.</summary>
    public required int AttentionHeads { get; init; }

    /// <summary>Key/value heads per layer; fewer than the query heads means grouped-query attention. Divides <see cref="AttentionHeads"/>.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Elements per head. At least 1; usually hidden size / attention heads.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Inner width of the MLP (intermediate_size). At least 1.</summary>
    public required int FfnWidth { get; init; }

    /// <summary>Vocabulary entries. At least 1.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Longest sequence, prompt plus output, in tokens that the model was trained for. At least 2.</summary>
    public required int MaxSequenceLength { get; init; }

    /// <summary>True for a gated MLP (gate, up and down projections, as in Llama), false for up and down only. Default true.</summary>
    public bool GatedMlp { get; init; } = true;

    /// <summary>True when the LM head shares the embedding table. Default false.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Number format of the weights and activations. Default BF16.</summary>
    public DataType WeightType { get; init; } = DataType.Bf16;

    /// <summary>Number format of the KV cache; null means the weights' own (<c>--kv-cache-dtype auto</c>; 8-bit weights keep a BF16 cache).</summary>
    public DataType? KvType { get; init; }

    /// <summary>Where the figures come from.</summary>
    public string Source { get; init; } = "";
}
