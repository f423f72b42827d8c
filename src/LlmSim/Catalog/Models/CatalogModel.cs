using LlmSim.Specs;

namespace LlmSim.Catalog.Models;

/// <summary>A model of the catalogue with the repositories that publish it.</summary>
/// <param name="Model">The model; its source is the first repository's config.</param>
/// <param name="Repositories">Hugging Face ids that have this shape: the base model first, then its variants.</param>
internal sealed record CatalogModel(ModelSpec Model, string[] Repositories)
{
    /// <summary>A model whose layers are all alike, in BF16.</summary>
    public static ModelSpec Of(string name, int hidden, int layers, int heads, int kvHeads, int head, int ffn,
        int vocabulary, int length) => new()
        {
            Name = name,
            HiddenSize = hidden,
            Layers = layers,
            AttentionHeads = heads,
            KvHeads = kvHeads,
            HeadSize = head,
            FfnWidth = ffn,
            VocabularySize = vocabulary,
            MaxSequenceLength = length,
        };

    /// <summary>An entry of the catalogue.</summary>
    public static CatalogModel From(ModelSpec model, params string[] repositories) => new(
        model with { Source = $"https://huggingface.co/{repositories[0]}/blob/main/config.json" }, repositories);

    /// <summary>Names beside the model's own: the ids, and each without its organisation.</summary>
    public string[] Aliases() => [.. Repositories.SelectMany(id => new[] { id, id[(id.IndexOf('/') + 1)..] }).Distinct()];
}
