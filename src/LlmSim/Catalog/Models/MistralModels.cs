using LlmSim.Specs;
using static LlmSim.Catalog.Models.CatalogModel;

namespace LlmSim.Catalog.Models;

/// <summary>Models of Mistral AI.</summary>
internal static class MistralModels
{
    private static readonly ModelSpec Mistral7B = Of("mistral-7b",
        hidden: 4096, layers: 32, heads: 32, kvHeads: 8, head: 128, ffn: 14336, vocabulary: 32768, length: 32768);

    /// <summary>The models, in listing order.</summary>
    public static IReadOnlyList<CatalogModel> All { get; } =
    [
        From(Mistral7B, "mistralai/Mistral-7B-v0.3", "mistralai/Mistral-7B-Instruct-v0.3"),
        From(Mistral7B with { Name = "mistral-7b-v0.1", VocabularySize = 32000, SlidingWindow = 4096 },
            "mistralai/Mistral-7B-v0.1", "mistralai/Mistral-7B-Instruct-v0.1"),
        From(Of("mistral-nemo-12b", hidden: 5120, layers: 40, heads: 32, kvHeads: 8, head: 128, ffn: 14336,
            vocabulary: 131072, length: 131072),
            "mistralai/Mistral-Nemo-Instruct-2407", "mistralai/Mistral-Nemo-Base-2407"),
        From(Of("mistral-small-24b", hidden: 5120, layers: 40, heads: 32, kvHeads: 8, head: 128, ffn: 32768,
            vocabulary: 131072, length: 32768),
            "mistralai/Mistral-Small-24B-Instruct-2501", "mistralai/Mistral-Small-24B-Base-2501"),
        From(Of("mistral-large-123b", hidden: 12288, layers: 88, heads: 96, kvHeads: 8, head: 128, ffn: 28672,
            vocabulary: 32768, length: 131072), "mistralai/Mistral-Large-Instruct-2407"),
        From(Of("mixtral-8x7b", hidden: 4096, layers: 32, heads: 32, kvHeads: 8, head: 128, ffn: 14336,
            vocabulary: 32000, length: 32768) with
        {
            Experts = new ExpertsSpec { Count = 8, PerToken = 2, Width = 14336 },
        }, "mistralai/Mixtral-8x7B-v0.1", "mistralai/Mixtral-8x7B-Instruct-v0.1", "mistralai/Mixtral-8x7B-Instruct"),
        From(Of("mixtral-8x22b", hidden: 6144, layers: 56, heads: 48, kvHeads: 8, head: 128, ffn: 16384,
            vocabulary: 32000, length: 65536) with
        {
            Experts = new ExpertsSpec { Count = 8, PerToken = 2, Width = 16384 },
        }, "mistralai/Mixtral-8x22B-v0.1"),
    ];
}
