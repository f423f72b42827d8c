using LlmSim.Specs;
using static LlmSim.Catalog.Models.CatalogModel;

namespace LlmSim.Catalog.Models;

/// <summary>Models of the Qwen team, and others of the same shape.</summary>
internal static class QwenModels
{
    // generation_config.json: top_p 0.8 and top_k 20 in Qwen2.5 Instruct and Qwen3-Coder, 0.95 and 20 in Qwen3; none in Qwen1.5-MoE.
    /// <summary>The models, in listing order.</summary>
    public static IReadOnlyList<CatalogModel> All { get; } =
    [
        From(Of("qwen1.5-moe-a2.7b", hidden: 2048, layers: 24, heads: 16, kvHeads: 16, head: 128, ffn: 5632,
            vocabulary: 151936, length: 8192) with
        {
            Experts = new ExpertsSpec { Count = 60, PerToken = 4, Width = 1408, SharedWidth = 5632 },
        }, "Qwen/Qwen1.5-MoE-A2.7B", "Qwen/Qwen1.5-MoE-A2.7B-Chat"),
        Qwen25("0.5b", hidden: 896, layers: 24, heads: 14, kvHeads: 2, head: 64, ffn: 4864, tied: true),
        Qwen25("1.5b", hidden: 1536, layers: 28, heads: 12, kvHeads: 2, head: 128, ffn: 8960, tied: true),
        Qwen25("3b", hidden: 2048, layers: 36, heads: 16, kvHeads: 2, head: 128, ffn: 11008, tied: true),
        Qwen25("7b", hidden: 3584, layers: 28, heads: 28, kvHeads: 4, head: 128, ffn: 18944,
            alsoAs: "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B"),
        Qwen25("14b", hidden: 5120, layers: 48, heads: 40, kvHeads: 8, head: 128, ffn: 13824,
            alsoAs: "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B"),
        Qwen25("32b", hidden: 5120, layers: 64, heads: 40, kvHeads: 8, head: 128, ffn: 27648,
            alsoAs: "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B"),
        Qwen25("72b", hidden: 8192, layers: 80, heads: 64, kvHeads: 8, head: 128, ffn: 29568),
        Qwen3("0.6B", hidden: 1024, layers: 28, heads: 16, kvHeads: 8, ffn: 3072, tied: true),
        Qwen3("1.7B", hidden: 2048, layers: 28, heads: 16, kvHeads: 8, ffn: 6144, tied: true),
        Qwen3("4B", hidden: 2560, layers: 36, heads: 32, kvHeads: 8, ffn: 9728, tied: true),
        Qwen3("8B", hidden: 4096, layers: 36, heads: 32, kvHeads: 8, ffn: 12288),
        Qwen3("14B", hidden: 5120, layers: 40, heads: 40, kvHeads: 8, ffn: 17408),
        Qwen3("32B", hidden: 5120, layers: 64, heads: 64, kvHeads: 8, ffn: 25600),
        Qwen3("30B-A3B", hidden: 2048, layers: 48, heads: 32, kvHeads: 4, ffn: 6144,
            experts: new ExpertsSpec { Count = 128, PerToken = 8, Width = 768 }),
        Qwen3("235B-A22B", hidden: 4096, layers: 94, heads: 64, kvHeads: 4, ffn: 12288,
            experts: new ExpertsSpec { Count = 128, PerToken = 8, Width = 1536 }),
        From(Of("qwen3-coder-480b-a35b", hidden: 6144, layers: 62, heads: 96, kvHeads: 8, head: 128, ffn: 8192,
            vocabulary: 151936, length: 262144) with
        {
            QkNorm = true,
            Sampling = Sampling.TopP,
            Experts = new ExpertsSpec { Count = 160, PerToken = 8, Width = 2560 },
        }, "Qwen/Qwen3-Coder-480B-A35B-Instruct"),
    ];

    // Models above 3B pad the vocabulary further, and do not tie the embeddings.
    private static CatalogModel Qwen25(string size, int hidden, int layers, int heads, int kvHeads, int head, int ffn,
        bool tied = false, string? alsoAs = null)
    {
        string repository = $"Qwen/Qwen2.5-{size.ToUpperInvariant()}";
        var model = Of($"qwen2.5-{size}", hidden, layers, heads, kvHeads, head, ffn,
            vocabulary: tied ? 151936 : 152064, length: 32768) with
        { TiedEmbeddings = tied, Sampling = Sampling.TopP };
        string[] repositories = [$"{repository}-Instruct", repository];
        return From(model, alsoAs is null ? repositories : [.. repositories, alsoAs]);
    }

    private static CatalogModel Qwen3(string size, int hidden, int layers, int heads, int kvHeads, int ffn,
        bool tied = false, ExpertsSpec? experts = null) => From(
            Of($"qwen3-{size.ToLowerInvariant()}", hidden, layers, heads, kvHeads, head: 128, ffn,
                vocabulary: 151936, length: 40960) with
            { QkNorm = true, TiedEmbeddings = tied, Sampling = Sampling.TopP, Experts = experts },
            $"Qwen/Qwen3-{size}");
}
