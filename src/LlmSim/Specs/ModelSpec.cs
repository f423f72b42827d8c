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

    /// <summary>Elements of a value head, where they differ from those of a query or key. Default null, the head size.</summary>
    public int? ValueHeadSize { get; init; }

    /// <summary>
    /// Latent attention in place of grouped-query attention, in every layer; <see cref="HeadSize"/> includes its rotary elements. Default null, none.
    /// </summary>
    public LatentSpec? Latent { get; init; }

    /// <summary>
    /// Tokens that each token attends to at most, itself included (sliding_window), in every layer. At least 1. Default
    /// null, all tokens. Layers of several kinds are for <see cref="LayerGroups"/>.
    /// </summary>
    public int? SlidingWindow { get; init; }

    /// <summary>Inner width of the MLP (intermediate_size). At least 1; not used when every layer has experts.</summary>
    public required int FfnWidth { get; init; }

    /// <summary>
    /// Experts in place of the MLP in every layer. Default null, none. Layers of several kinds are for <see
    /// cref="LayerGroups"/>.
    /// </summary>
    public ExpertsSpec? Experts { get; init; }

    /// <summary>
    /// Kinds of layers, where they are not all alike; their counts add up to <see cref="Layers"/>. Default none: every
    /// layer is as the other properties say.
    /// </summary>
    public ValueList<LayerGroup> LayerGroups { get; init; } = [];

    /// <summary>Vocabulary entries. At least 1.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Longest sequence, prompt plus output, in tokens that the model was trained for. At least 2.</summary>
    public required int MaxSequenceLength { get; init; }

    /// <summary>True for a gated MLP (gate, up and down projections, as in Llama), false for up and down only. Default true.</summary>
    public bool GatedMlp { get; init; } = true;

    /// <summary>True when queries and keys are normalised before attention, as in Qwen3. Default false.</summary>
    public bool QkNorm { get; init; }

    /// <summary>True when attention and MLP are normalised behind as well as before, as in Gemma 2. Default false.</summary>
    public bool SandwichNorms { get; init; }

    /// <summary>True when the LM head shares the embedding table. Default false.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Number format of the weights; activations have it too, or 16 bits if that is shorter. Default BF16.</summary>
    public DataType WeightType { get; init; } = DataType.Bf16;

    /// <summary>Number format of the KV cache; null means the weights' own (<c>--kv-cache-dtype auto</c>; weights of 8 bits or fewer keep a BF16 cache).</summary>
    public DataType? KvType { get; init; }

    /// <summary>
    /// How tokens are drawn where requests do not say: a server takes the model's <c>generation_config.json</c>. Default random, which is
    /// what a model without such a file gets.
    /// </summary>
    public Sampling Sampling { get; init; }

    /// <summary>Where the figures come from.</summary>
    public string Source { get; init; } = "";
}
