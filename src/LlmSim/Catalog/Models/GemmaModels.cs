using LlmSim.Specs;
using static LlmSim.Catalog.Models.CatalogModel;

namespace LlmSim.Catalog.Models;

/// <summary>Models of Google: layers with a window alternate with layers without.</summary>
internal static class GemmaModels
{
    /// <summary>The models, in listing order.</summary>
    public static IReadOnlyList<CatalogModel> All { get; } =
    [
        Gemma2("2b", hidden: 2304, layers: 26, heads: 8, kvHeads: 4, head: 256, ffn: 9216),
        Gemma2("9b", hidden: 3584, layers: 42, heads: 16, kvHeads: 8, head: 256, ffn: 14336),
        Gemma2("27b", hidden: 4608, layers: 46, heads: 32, kvHeads: 16, head: 128, ffn: 36864),
        Gemma3("1b", hidden: 1152, layers: 26, heads: 4, kvHeads: 1, head: 256, ffn: 6912,
            vocabulary: 262144, length: 32768, window: 512),
        Gemma3("4b", hidden: 2560, layers: 34, heads: 8, kvHeads: 4, head: 256, ffn: 10240),
        Gemma3("12b", hidden: 3840, layers: 48, heads: 16, kvHeads: 8, head: 256, ffn: 15360),
        Gemma3("27b", hidden: 5376, layers: 62, heads: 32, kvHeads: 16, head: 128, ffn: 21504),
    ];

    private static CatalogModel Gemma2(
        string size, int hidden, int layers, int heads, int kvHeads, int head, int ffn) => From(
            Of($"gemma-2-{size}", hidden, layers, heads, kvHeads, head, ffn, vocabulary: 256000, length: 8192) with
            {
                SandwichNorms = true,
                TiedEmbeddings = true,
                LayerGroups = Groups(layers, period: 2, window: 4096),
            },
            $"google/gemma-2-{size}", $"google/gemma-2-{size}-it");

    // The language part; images are encoded by a part that is not counted.
    private static CatalogModel Gemma3(string size, int hidden, int layers, int heads, int kvHeads, int head, int ffn,
        int vocabulary = 262208, int length = 131072, int window = 1024) => From(
            Of($"gemma-3-{size}", hidden, layers, heads, kvHeads, head, ffn, vocabulary, length) with
            {
                QkNorm = true,
                SandwichNorms = true,
                TiedEmbeddings = true,
                LayerGroups = Groups(layers, period: 6, window),
            },
            $"google/gemma-3-{size}-it", $"google/gemma-3-{size}-pt");

    private static ValueList<LayerGroup> Groups(int layers, int period, int window) =>
    [
        new LayerGroup { Name = "local", Count = layers - layers / period, SlidingWindow = window },
        new LayerGroup { Name = "global", Count = layers / period },
    ];
}
