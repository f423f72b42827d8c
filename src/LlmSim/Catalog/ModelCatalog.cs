using System.Diagnostics.CodeAnalysis;
using LlmSim.Catalog.Models;
using LlmSim.Specs;

namespace LlmSim.Catalog;

/// <summary>
/// Known models. Names are matched without regard to case and punctuation; Hugging Face ids work too. Figures are those
/// of the published <c>config.json</c>.
/// </summary>
public static class ModelCatalog
{
    private static readonly NamedCatalog<ModelSpec> Catalog = new("model",
    [
        .. LlamaModels.All.Concat(MistralModels.All).Concat(QwenModels.All).Concat(GemmaModels.All)
            .Concat(LatentModels.All).Concat(OtherModels.All).Select(entry => (entry.Model, entry.Model.Name, entry.Aliases())),
    ]);

    /// <summary>All models, in listing order.</summary>
    public static IReadOnlyList<ModelSpec> All => Catalog.All;

    /// <summary>Finds a model by name, alias or Hugging Face id.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out ModelSpec? model) => Catalog.TryGet(name, out model);

    /// <summary>The model of this name, alias or Hugging Face id.</summary>
    /// <exception cref="ConfigException">There is none; the message offers near names.</exception>
    public static ModelSpec Get(string name) => Catalog.Get(name);

    /// <summary>Up to three names that an unknown one may have meant, nearest first.</summary>
    public static IReadOnlyList<string> Near(string name) => Catalog.Near(name);
}
