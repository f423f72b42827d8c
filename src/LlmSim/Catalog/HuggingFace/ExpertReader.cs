using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>Reads which layers are mixtures of experts, and what these are.</summary>
internal static class ExpertReader
{
    // Families whose intermediate_size is that of an expert.
    private static readonly string[] WidthIsExpert =
        ["mixtral", "phimoe", "granitemoe", "olmoe", "gpt_oss", "llama4", "minimax_m2"];

    /// <summary>For each layer its experts, null for none.</summary>
    public static ExpertsSpec?[] Read(ConfigFields fields, string family, int layers, DataType? weightType)
    {
        int count = fields.Int("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts") ?? 0;
        if (count <= 1)
        {
            return new ExpertsSpec?[layers];
        }

        int width = WidthIsExpert.Contains(family)
            ? fields.Required("moe_intermediate_size", "intermediate_size")
            : fields.Required("moe_intermediate_size");
        int perToken = fields.Required("num_experts_per_tok", "experts_per_token", "moe_k", "moe_topk", "top_k_experts");
        if (perToken > count)
        {
            fields.Problem("num_experts_per_tok", $"{perToken}", $"at most the {count} experts");
        }

        var experts = new ExpertsSpec
        {
            Count = count,
            PerToken = perToken,
            Width = width,
            SharedWidth = SharedWidth(fields, family, width),
            WeightType = weightType,
        };
        var hasExperts = Pattern(fields, layers);
        return [.. Enumerable.Range(0, layers).Select(layer => hasExperts(layer) ? experts : null)];
    }

    private static int SharedWidth(ConfigFields fields, string family, int width)
    {
        if (family == "llama4")
        {
            return width;
        }

        return fields.Int("shared_expert_intermediate_size", "share_expert_dim", "shared_intermediate_size")
            ?? width * (fields.Int("n_shared_experts", "moe_num_shared_experts", "num_shared_experts") ?? 0);
    }

    private static Func<int, bool> Pattern(ConfigFields fields, int layers)
    {
        if (fields.Find("moe_layer_freq") is { ValueKind: JsonValueKind.Array })
        {
            var list = fields.PerLayer("moe_layer_freq", layers);
            return layer => list is null || $"{list[layer]}" == "1";
        }

        int first = fields.Int("first_k_dense_replace", "moe_layer_start_index") ?? 0;
        int every = Math.Max(1, fields.Int("moe_layer_freq", "moe_layer_interval") ?? 1);
        int step = Math.Max(1, fields.Int("decoder_sparse_step", "interleave_moe_layer_step") ?? 1);
        HashSet<int> dense = fields.Find("mlp_only_layers") is { ValueKind: JsonValueKind.Array } only
            ? [.. only.EnumerateArray().Where(layer => layer.ValueKind == JsonValueKind.Number).Select(l => l.GetInt32())]
            : [];
        return layer => layer >= first && layer % every == 0 && (layer + 1) % step == 0 && !dense.Contains(layer);
    }
}
