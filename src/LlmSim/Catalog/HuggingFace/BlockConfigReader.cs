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
        var attention = block.Part("attention");
        var mlp = block.Part("ffn");
        foreach (var part in (ReadOnlySpan<JsonElement>)[attention, mlp])
        {
            if (part.IsTrue("replace_with_linear"))
            {
                UnsupportedParts.Refuse(fields, "block_configs", "replace_with_linear", "a single product in place of a block");
            }
        }

        int group = (int)(attention.NumberOf("n_heads_in_group") ?? 1);
        return new LayerKind(attention.NumberOf("window_length") is > 0 and <= int.MaxValue and var window ? (int)window : null, null,
            AttentionHeads: attention.IsTrue("no_op") ? 0 : null,
            KvHeads: attention.IsTrue("no_op") ? null : model.AttentionHeads / Math.Max(1, group),
            FfnWidth: mlp.IsTrue("no_op") ? 0 : Width(mlp.NumberOf("ffn_mult") ?? 4, model.HiddenSize));
    }

    // As the model's own code: two thirds of the multiple, rounded up to 256.
    private static int Width(double multiple, int hidden) => ((int)(2 * multiple * hidden / 3) + 255) / 256 * 256;
}
