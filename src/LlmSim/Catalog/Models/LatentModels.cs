using LlmSim.Specs;
using static LlmSim.Catalog.Models.CatalogModel;

namespace LlmSim.Catalog.Models;

/// <summary>Models with latent attention: DeepSeek's from V2 on, and Kimi-K2.</summary>
internal static class LatentModels
{
    private const int Rope = 64;
    private const int Head = 128 + Rope;
    private const int Value = 128;

    /// <summary>The models, in listing order.</summary>
    public static IReadOnlyList<CatalogModel> All { get; } =
    [
        From(Of("deepseek-v2-lite", hidden: 2048, layers: 27, heads: 16, kvHeads: 16, head: Head, ffn: 10944,
            vocabulary: 102400, length: 163840) with
        {
            ValueHeadSize = Value,
            Latent = Latent(queryRank: null),
            LayerGroups = Layers(27, dense: 1, new ExpertsSpec { Count = 64, PerToken = 6, Width = 1408, SharedWidth = 2816 }),
        }, "deepseek-ai/DeepSeek-V2-Lite", "deepseek-ai/DeepSeek-V2-Lite-Chat"),
        From(Large("deepseek-v3", heads: 128, vocabulary: 129280, length: 163840, dense: 3, experts: 256),
            "deepseek-ai/DeepSeek-V3", "deepseek-ai/DeepSeek-R1"),
        From(Large("kimi-k2", heads: 64, vocabulary: 163840, length: 131072, dense: 1, experts: 384), "moonshotai/Kimi-K2-Instruct"),
    ];

    // Kimi-K2 has DeepSeek-V3's widths; both are published in FP8.
    private static ModelSpec Large(string name, int heads, int vocabulary, int length, int dense, int experts) =>
        Of(name, hidden: 7168, layers: 61, heads, kvHeads: heads, head: Head, ffn: 18432, vocabulary, length) with
        {
            ValueHeadSize = Value,
            Latent = Latent(queryRank: 1536),
            WeightType = DataType.Fp8,
            LayerGroups = Layers(61, dense, new ExpertsSpec { Count = experts, PerToken = 8, Width = 2048, SharedWidth = 2048 }),
        };

    private static LatentSpec Latent(int? queryRank) => new() { KvRank = 512, QueryRank = queryRank, RopeHeadSize = Rope };

    private static ValueList<LayerGroup> Layers(int layers, int dense, ExpertsSpec experts) =>
    [
        new LayerGroup { Name = "dense", Count = dense },
        new LayerGroup { Name = "moe", Count = layers - dense, Experts = experts },
    ];
}
