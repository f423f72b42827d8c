using LlmSim.Specs;
using static LlmSim.Catalog.Models.CatalogModel;

namespace LlmSim.Catalog.Models;

/// <summary>Models of Meta, and others of the same shape.</summary>
internal static class LlamaModels
{
    private static readonly ModelSpec Llama318B = Of("llama-3.1-8b",
        hidden: 4096, layers: 32, heads: 32, kvHeads: 8, head: 128, ffn: 14336, vocabulary: 128256, length: 131072);

    private static readonly ModelSpec Llama3170B = Of("llama-3.1-70b",
        hidden: 8192, layers: 80, heads: 64, kvHeads: 8, head: 128, ffn: 28672, vocabulary: 128256, length: 131072);

    /// <summary>The models, in listing order.</summary>
    public static IReadOnlyList<CatalogModel> All => field ??= [.. Published.Select(Sampled)];

    private static CatalogModel[] Published =>
    [
        From(Of("llama-2-7b", hidden: 4096, layers: 32, heads: 32, kvHeads: 32, head: 128, ffn: 11008,
            vocabulary: 32000, length: 4096) with { WeightType = DataType.Fp16 },
            "meta-llama/Llama-2-7b-hf", "meta-llama/Llama-2-7b-chat-hf", "meta-llama/Llama-2-7b-chat"),
        From(Of("llama-2-13b", hidden: 5120, layers: 40, heads: 40, kvHeads: 40, head: 128, ffn: 13824,
            vocabulary: 32000, length: 4096) with { WeightType = DataType.Fp16 },
            "meta-llama/Llama-2-13b-hf", "meta-llama/Llama-2-13b-chat-hf", "meta-llama/Llama-2-13b-chat"),
        From(Of("llama-2-70b", hidden: 8192, layers: 80, heads: 64, kvHeads: 8, head: 128, ffn: 28672,
            vocabulary: 32000, length: 4096) with { WeightType = DataType.Fp16 },
            "meta-llama/Llama-2-70b-hf", "meta-llama/Llama-2-70b-chat-hf", "meta-llama/Llama-2-70b-chat"),
        From(Of("codellama-34b", hidden: 8192, layers: 48, heads: 64, kvHeads: 8, head: 128, ffn: 22016,
            vocabulary: 32000, length: 16384),
            "codellama/CodeLlama-34b-hf", "codellama/CodeLlama-34b-Instruct-hf", "codellama/CodeLlama-34b-Instruct"),
        From(Llama318B with { Name = "llama-3-8b", MaxSequenceLength = 8192 },
            "meta-llama/Meta-Llama-3-8B", "meta-llama/Meta-Llama-3-8B-Instruct", "meta-llama/Llama-3-8B-Instruct"),
        From(Llama3170B with { Name = "llama-3-70b", MaxSequenceLength = 8192 },
            "meta-llama/Meta-Llama-3-70B", "meta-llama/Meta-Llama-3-70B-Instruct", "meta-llama/Llama-3-70B-Instruct"),
        From(Llama318B,
            "meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B-Instruct", "meta-llama/Meta-Llama-3.1-8B",
            "meta-llama/Meta-Llama-3.1-8B-Instruct", "deepseek-ai/DeepSeek-R1-Distill-Llama-8B"),
        From(Llama3170B,
            "meta-llama/Llama-3.1-70B", "meta-llama/Llama-3.1-70B-Instruct", "meta-llama/Meta-Llama-3.1-70B",
            "meta-llama/Meta-Llama-3.1-70B-Instruct"),
        From(Of("llama-3.1-405b", hidden: 16384, layers: 126, heads: 128, kvHeads: 8, head: 128, ffn: 53248,
            vocabulary: 128256, length: 131072),
            "meta-llama/Llama-3.1-405B", "meta-llama/Llama-3.1-405B-Instruct", "meta-llama/Meta-Llama-3.1-405B",
            "meta-llama/Meta-Llama-3.1-405B-Instruct"),
        From(Of("llama-3.2-1b", hidden: 2048, layers: 16, heads: 32, kvHeads: 8, head: 64, ffn: 8192,
            vocabulary: 128256, length: 131072) with { TiedEmbeddings = true },
            "meta-llama/Llama-3.2-1B", "meta-llama/Llama-3.2-1B-Instruct"),
        From(Of("llama-3.2-3b", hidden: 3072, layers: 28, heads: 24, kvHeads: 8, head: 128, ffn: 8192,
            vocabulary: 128256, length: 131072) with { TiedEmbeddings = true },
            "meta-llama/Llama-3.2-3B", "meta-llama/Llama-3.2-3B-Instruct"),
        From(Llama3170B with { Name = "llama-3.3-70b" },
            "meta-llama/Llama-3.3-70B-Instruct", "deepseek-ai/DeepSeek-R1-Distill-Llama-70B"),
        From(Llama4("llama-4-scout", experts: 16, length: 10_485_760,
            new LayerGroup { Name = "local-moe", Count = 36, SlidingWindow = 8192 },
            new LayerGroup { Name = "global-moe", Count = 12 }),
            "meta-llama/Llama-4-Scout-17B-16E", "meta-llama/Llama-4-Scout-17B-16E-Instruct"),
        From(Llama4("llama-4-maverick", experts: 128, length: 1_048_576,
            new LayerGroup { Name = "local-dense", Count = 24, SlidingWindow = 8192 },
            new LayerGroup { Name = "local-moe", Count = 12, SlidingWindow = 8192 },
            new LayerGroup { Name = "global-moe", Count = 12 }),
            "meta-llama/Llama-4-Maverick-17B-128E", "meta-llama/Llama-4-Maverick-17B-128E-Instruct"),
        From(Of("tinyllama-1.1b", hidden: 2048, layers: 22, heads: 32, kvHeads: 4, head: 64, ffn: 5632,
            vocabulary: 32000, length: 2048), "TinyLlama/TinyLlama-1.1B-Chat-v1.0"),
        From(Of("smollm2-1.7b", hidden: 2048, layers: 24, heads: 32, kvHeads: 32, head: 64, ffn: 8192,
            vocabulary: 49152, length: 8192) with { TiedEmbeddings = true },
            "HuggingFaceTB/SmolLM2-1.7B", "HuggingFaceTB/SmolLM2-1.7B-Instruct"),
        From(Of("yi-6b", hidden: 4096, layers: 32, heads: 32, kvHeads: 4, head: 128, ffn: 11008,
            vocabulary: 64000, length: 4096), "01-ai/Yi-6B", "01-ai/Yi-6B-Chat"),
        From(Of("yi-34b", hidden: 7168, layers: 60, heads: 56, kvHeads: 8, head: 128, ffn: 20480,
            vocabulary: 64000, length: 4096), "01-ai/Yi-34B", "01-ai/Yi-34B-Chat"),
    ];

    // The generation_config.json of Llama 2 and 3, chat or not, have temperature 0.6 and top_p 0.9; Code Llama has none.
    private static CatalogModel Sampled(CatalogModel entry) => entry.Model.Name.StartsWith("llama-2", StringComparison.Ordinal)
        || entry.Model.Name.StartsWith("llama-3", StringComparison.Ordinal)
        ? entry with { Model = entry.Model with { Sampling = Sampling.TopP } }
        : entry;

    // A token goes to one expert, and to a shared one of the same width.
    private static ModelSpec Llama4(string name, int experts, int length, params LayerGroup[] groups)
    {
        var mixture = new ExpertsSpec { Count = experts, PerToken = 1, Width = 8192, SharedWidth = 8192 };
        return Of(name, hidden: 5120, layers: 48, heads: 40, kvHeads: 8, head: 128, ffn: 16384,
            vocabulary: 202048, length) with
        {
            QkNorm = experts == 16,
            LayerGroups =
            [
                .. groups.Select(group => IsDense(group) ? group : group with { Experts = mixture }),
            ],
        };
    }

    private static bool IsDense(LayerGroup group) => group.Name.EndsWith("dense", StringComparison.Ordinal);
}
