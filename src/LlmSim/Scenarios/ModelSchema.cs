using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>The keys of a model in a scenario file.</summary>
internal static class ModelSchema
{
    private const bool Required = true;

    private static readonly ValueKind<int?> OptionalInt = new OptionalKind<int>(Kinds.Int);

    private static readonly ValueKind<ExpertsSpec?> Experts = new OptionalReferenceKind<ExpertsSpec>(
        new ObjectKind<ExpertsSpec>(BlankExperts)
        {
            { "count", Kinds.Int, e => e.Count, (e, v) => e with { Count = v }, Required },
            { "per_token", Kinds.Int, e => e.PerToken, (e, v) => e with { PerToken = v }, Required },
            { "width", Kinds.Int, e => e.Width, (e, v) => e with { Width = v }, Required },
            { "shared_width", Kinds.Int, e => e.SharedWidth, (e, v) => e with { SharedWidth = v } },
            { "dtype", Kinds.KvType, e => e.WeightType, (e, v) => e with { WeightType = v } },
        },
        BlankExperts);

    private static readonly ValueKind<LatentSpec?> Latent = new OptionalReferenceKind<LatentSpec>(
        new ObjectKind<LatentSpec>(BlankLatent)
        {
            { "kv_rank", Kinds.Int, l => l.KvRank, (l, v) => l with { KvRank = v }, Required },
            { "query_rank", OptionalInt, l => l.QueryRank, (l, v) => l with { QueryRank = v } },
            { "rope_head_size", Kinds.Int, l => l.RopeHeadSize, (l, v) => l with { RopeHeadSize = v }, Required },
        },
        BlankLatent);

    private static readonly ObjectKind<LayerGroup> Group = new(() => LayerGroupsKind.Blank)
    {
        { "count", Kinds.Int, g => g.Count, (g, v) => g with { Count = v }, Required },
        { "attention_heads", OptionalInt, g => g.AttentionHeads, (g, v) => g with { AttentionHeads = v } },
        { "kv_heads", OptionalInt, g => g.KvHeads, (g, v) => g with { KvHeads = v } },
        { "head_size", OptionalInt, g => g.HeadSize, (g, v) => g with { HeadSize = v } },
        { "value_head_size", OptionalInt, g => g.ValueHeadSize, (g, v) => g with { ValueHeadSize = v } },
        { "sliding_window", OptionalInt, g => g.SlidingWindow, (g, v) => g with { SlidingWindow = v } },
        { "ffn_width", OptionalInt, g => g.FfnWidth, (g, v) => g with { FfnWidth = v } },
        { "experts", Experts, g => g.Experts, (g, v) => g with { Experts = v } },
        { "blocks", new BlocksKind(), g => g.Blocks, (g, v) => g with { Blocks = v }, false, g => g.Blocks.Count > 0 },
    };

    /// <summary>A model: a name, the path of a Hugging Face <c>config.json</c>, or its figures.</summary>
    public static ObjectKind<ModelSpec> Model { get; } = new(
        blank: () => new()
        {
            Name = "",
            HiddenSize = 0,
            Layers = 0,
            AttentionHeads = 0,
            KvHeads = 0,
            HeadSize = 0,
            FfnWidth = 0,
            VocabularySize = 0,
            MaxSequenceLength = 0,
        },
        names: new(name => ModelCatalog.TryGet(name, out var model) ? model : null, ModelCatalog.Near,
            () => ModelCatalog.All.Select(model => model.Name), HuggingFaceConfig.Read))
    {
        { "name", Kinds.Text, m => m.Name, (m, v) => m with { Name = v }, Required },
        { "hidden_size", Kinds.Int, m => m.HiddenSize, (m, v) => m with { HiddenSize = v }, Required },
        { "layers", Kinds.Int, m => m.Layers, (m, v) => m with { Layers = v }, Required },
        { "attention_heads", Kinds.Int, m => m.AttentionHeads, (m, v) => m with { AttentionHeads = v }, Required },
        { "kv_heads", Kinds.Int, m => m.KvHeads, (m, v) => m with { KvHeads = v }, Required },
        { "head_size", Kinds.Int, m => m.HeadSize, (m, v) => m with { HeadSize = v }, Required },
        { "value_head_size", OptionalInt, m => m.ValueHeadSize, (m, v) => m with { ValueHeadSize = v } },
        { "latent", Latent, m => m.Latent, (m, v) => m with { Latent = v } },
        { "sliding_window", OptionalInt, m => m.SlidingWindow, (m, v) => m with { SlidingWindow = v } },
        { "ffn_width", Kinds.Int, m => m.FfnWidth, (m, v) => m with { FfnWidth = v }, Required },
        { "experts", Experts, m => m.Experts, (m, v) => m with { Experts = v } },
        {
            "layer_groups", new LayerGroupsKind(Group),
            m => m.LayerGroups, (m, v) => m with { LayerGroups = v }, false, m => m.LayerGroups.Count > 0
        },
        { "vocabulary_size", Kinds.Int, m => m.VocabularySize, (m, v) => m with { VocabularySize = v }, Required },
        { "max_sequence_length", Kinds.Int, m => m.MaxSequenceLength, (m, v) => m with { MaxSequenceLength = v }, Required },
        { "gated_mlp", Kinds.Bool, m => m.GatedMlp, (m, v) => m with { GatedMlp = v } },
        { "qk_norm", Kinds.Bool, m => m.QkNorm, (m, v) => m with { QkNorm = v } },
        { "sandwich_norms", Kinds.Bool, m => m.SandwichNorms, (m, v) => m with { SandwichNorms = v } },
        { "tied_embeddings", Kinds.Bool, m => m.TiedEmbeddings, (m, v) => m with { TiedEmbeddings = v } },
        { "sampling", Kinds.Sampling, m => m.Sampling, (m, v) => m with { Sampling = v } },
        { "source", Kinds.Text, m => m.Source, (m, v) => m with { Source = v } },
    };

    private static ExpertsSpec BlankExperts() => new() { Count = 0, PerToken = 0, Width = 0 };

    private static LatentSpec BlankLatent() => new() { KvRank = 0, RopeHeadSize = 0 };
}
