using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>
/// Reads the layers of models found by architecture search (model_type nemotron-nas), each with its own attention and
/// MLP or none: block_configs.
/// </summary>
internal static class BlockConfigReader
{
    /// <summary>The kind of each layer.</summary>
    public static IReadOnlyList<LayerKind> Read(ConfigFields fields, ModelSpec model)
    {
        if (fields.PerLayer("block_configs", model.Layers) is { } blocks)
        {
            return [.. blocks.Select(block => Kind(fields, model, block))];
        }

        if (fields.Find("block_configs") is null)
        {
            fields.Problem("block_configs", "nothing", "a list with an entry for each layer");
        }

        return [new LayerKind(null, null)];
    }

    private static LayerKind Kind(ConfigFields fields, ModelSpec model, JsonElement block)
    {
        var attention = block.TryGetProperty("attention", out var a) ? a : default;
        var mlp = block.TryGetProperty("ffn", out var f) ? f : default;
        foreach (var part in (ReadOnlySpan<JsonElement>)[attention, mlp])
        {
            if (Flag(part, "replace_with_linear"))
            {
                UnsupportedParts.Refuse(fields, "block_configs", "replace_with_linear", "a single product in place of a block");
            }
        }

        int group = (int)Number(attention, "n_heads_in_group", 1);
        return new LayerKind((int?)Number(attention, "window_length", 0) is int window and > 0 ? window : null, null,
            AttentionHeads: Flag(attention, "no_op") ? 0 : null,
            KvHeads: Flag(attention, "no_op") ? null : model.AttentionHeads / Math.Max(1, group),
            FfnWidth: Flag(mlp, "no_op") ? 0 : Width(Number(mlp, "ffn_mult", 4), model.HiddenSize));
    }

    // As the model's own code: two thirds of the multiple, rounded up to 256.
    private static int Width(double multiple, int hidden) => ((int)(2 * multiple * hidden / 3) + 255) / 256 * 256;

    private static bool Flag(JsonElement part, string name) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.True;

    private static double Number(JsonElement part, string name, double otherwise) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;
}
