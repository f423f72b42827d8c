using LlmSim.Specs;
using static LlmSim.Catalog.Models.CatalogModel;

namespace LlmSim.Catalog.Models;

/// <summary>Models of Microsoft, OpenAI, the Allen Institute, Zhipu, MiniMax and Xiaomi.</summary>
internal static class OtherModels
{
    /// <summary>The models, in listing order.</summary>
    public static IReadOnlyList<CatalogModel> All { get; } =
    [
        From(Of("phi-3-mini", hidden: 3072, layers: 32, heads: 32, kvHeads: 32, head: 96, ffn: 8192,
            vocabulary: 32064, length: 4096) with { SlidingWindow = 2047 }, "microsoft/Phi-3-mini-4k-instruct"),
        From(Of("phi-3.5-moe", hidden: 4096, layers: 32, heads: 32, kvHeads: 8, head: 128, ffn: 6400,
            vocabulary: 32064, length: 131072) with
        {
            Experts = new ExpertsSpec { Count = 16, PerToken = 2, Width = 6400 },
        }, "microsoft/Phi-3.5-MoE-instruct"),
        From(Of("phi-4", hidden: 5120, layers: 40, heads: 40, kvHeads: 10, head: 128, ffn: 17920,
            vocabulary: 100352, length: 16384), "microsoft/phi-4"),
        From(Of("phi-4-mini", hidden: 3072, layers: 32, heads: 24, kvHeads: 8, head: 128, ffn: 8192,
            vocabulary: 200064, length: 131072) with { TiedEmbeddings = true }, "microsoft/Phi-4-mini-instruct"),
        GptOss("20b", layers: 24, experts: 32),
        GptOss("120b", layers: 36, experts: 128),
        From(Of("olmo-2-7b", hidden: 4096, layers: 32, heads: 32, kvHeads: 32, head: 128, ffn: 11008,
            vocabulary: 100352, length: 4096) with { QkNorm = true },
            "allenai/OLMo-2-1124-7B", "allenai/OLMo-2-1124-7B-Instruct"),
        From(Of("olmo-2-13b", hidden: 5120, layers: 40, heads: 40, kvHeads: 40, head: 128, ffn: 13824,
            vocabulary: 100352, length: 4096) with { QkNorm = true },
            "allenai/OLMo-2-1124-13B", "allenai/OLMo-2-1124-13B-Instruct"),
        From(Of("olmoe-1b-7b", hidden: 2048, layers: 16, heads: 16, kvHeads: 16, head: 128, ffn: 1024,
            vocabulary: 50304, length: 4096) with
        {
            QkNorm = true,
            Experts = new ExpertsSpec { Count = 64, PerToken = 8, Width = 1024 },
        }, "allenai/OLMoE-1B-7B-0924", "allenai/OLMoE-1B-7B-0924-Instruct"),
        From(Of("glm-4-9b", hidden: 4096, layers: 40, heads: 32, kvHeads: 2, head: 128, ffn: 13696,
            vocabulary: 151552, length: 131072), "zai-org/glm-4-9b-chat-hf"),
        From(Of("glm-4.5-air", hidden: 4096, layers: 46, heads: 96, kvHeads: 8, head: 128, ffn: 10944,
            vocabulary: 151552, length: 131072) with
        {
            LayerGroups =
            [
                new LayerGroup { Name = "dense", Count = 1 },
                new LayerGroup
                {
                    Name = "moe",
                    Count = 45,
                    Experts = new ExpertsSpec { Count = 128, PerToken = 8, Width = 1408, SharedWidth = 1408 },
                },
            ],
        }, "zai-org/GLM-4.5-Air"),
        From(Of("minimax-m2.5", hidden: 3072, layers: 62, heads: 48, kvHeads: 8, head: 128, ffn: 1536,
            vocabulary: 200064, length: 196608) with
        {
            QkNorm = true,
            WeightType = DataType.Fp8,
            Experts = new ExpertsSpec { Count = 256, PerToken = 8, Width = 1536 },
        }, "MiniMaxAI/MiniMax-M2.5"),
        From(Of("mimo-7b", hidden: 4096, layers: 36, heads: 32, kvHeads: 8, head: 128, ffn: 11008,
            vocabulary: 151680, length: 32768), "XiaomiMiMo/MiMo-7B-Base"),
        From(Of("mimo-v2-flash", hidden: 4096, layers: 48, heads: 64, kvHeads: 4, head: 192, ffn: 16384,
            vocabulary: 152576, length: 262144) with
        {
            ValueHeadSize = 128,
            WeightType = DataType.Fp8,
            LayerGroups =
            [
                new LayerGroup { Name = "global-dense", Count = 1 },
                new LayerGroup
                {
                    Name = "local-moe",
                    Count = 39,
                    KvHeads = 8,
                    SlidingWindow = 128,
                    Experts = new ExpertsSpec { Count = 256, PerToken = 8, Width = 2048 },
                },
                new LayerGroup
                {
                    Name = "global-moe",
                    Count = 8,
                    Experts = new ExpertsSpec { Count = 256, PerToken = 8, Width = 2048 },
                },
            ],
        }, "XiaomiMiMo/MiMo-V2-Flash"),
    ];

    // The experts are published in MXFP4, the rest in BF16.
    private static CatalogModel GptOss(string size, int layers, int experts)
    {
        var mixture = new ExpertsSpec { Count = experts, PerToken = 4, Width = 2880, WeightType = DataType.Mxfp4 };
        return From(
            Of($"gpt-oss-{size}", hidden: 2880, layers, heads: 64, kvHeads: 8, head: 64, ffn: 2880,
                vocabulary: 201088, length: 131072) with
            {
                LayerGroups =
                [
                    new LayerGroup { Name = "local-moe", Count = layers / 2, SlidingWindow = 128, Experts = mixture },
                    new LayerGroup { Name = "global-moe", Count = layers / 2, Experts = mixture },
                ],
            },
            $"openai/gpt-oss-{size}");
    }
}
