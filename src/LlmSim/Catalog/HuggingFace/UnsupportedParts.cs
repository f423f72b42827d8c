using System.Text.Json;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>Finds the parts of a model that are not modelled, so that nothing is imported as something else.</summary>
internal static class UnsupportedParts
{
    private const string Fix =
        "Use a model without it, or describe the layers in C# with a block of your own (docs/models.md).";

    private static readonly (string[] Fields, string Part)[] Parts =
    [
        (["is_encoder_decoder"], "an encoder beside the decoder"),
        (["mamba_num_heads", "mamba_d_state", "ssm_state_size", "mamba_n_heads"], "state-space layers"),
        (["linear_num_key_heads", "linear_attn_config", "linear_key_head_dim"], "linear attention"),
        (["index_topk", "sparse_attention_config", "compress_ratios", "sparse_block_size"], "sparse attention"),
        (["attn_output_gate", "attention_output_gate"], "a gate on the attention output"),
        (["attention_k_eq_v"], "keys and values from one projection"),
        (["num_kv_shared_layers"], "layers that share a KV cache"),
        (["hidden_size_per_layer_input"], "embeddings of each layer's own"),
        (["cross_attention_layers"], "cross-attention layers"),
        (["moe_latent_size"], "experts behind a narrower projection"),
        (["hc_mult"], "several residual streams"),
        (["parallel_attn", "use_parallel_residual"], "attention and MLP side by side"),
    ];

    private static readonly string[] SideBySide =
        ["cohere", "cohere2", "codegen", "falcon", "gpt_neox", "gptj", "phi", "mpt"];

    private static readonly string[] KnownLayerTypes =
        ["full_attention", "sliding_attention", "chunked_attention", "attention", "moe", "mlp"];

    /// <summary>Adds a problem for each part found.</summary>
    public static void Check(ConfigFields fields, string modelType)
    {
        foreach (var (names, part) in Parts)
        {
            string? found = names.FirstOrDefault(name => fields.Has(name));
            if (found is not null)
            {
                Refuse(fields, found, ConfigFields.Short(fields.Find(found)!.Value), part);
            }
        }

        if (SideBySide.Contains(modelType) && !fields.Has("parallel_attn", "use_parallel_residual"))
        {
            Refuse(fields, "model_type", modelType, "attention and MLP side by side");
        }

        CheckLayerTypes(fields, "layer_types");
        CheckLayerTypes(fields, "layers_block_type");
        if (fields.Text("hybrid_override_pattern") is { } pattern && !fields.Has("ssm_state_size"))
        {
            Refuse(fields, "hybrid_override_pattern", pattern, "layers of one block each");
        }
    }

    /// <summary>Adds the problem of a part that is not modelled.</summary>
    public static void Refuse(ConfigFields fields, string name, string value, string part) =>
        fields.Problem(name, value, $"nothing here; not modelled yet: {part}", Fix);

    private static void CheckLayerTypes(ConfigFields fields, string name)
    {
        if (fields.Find(name) is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (string type in list.EnumerateArray().Select(item => $"{item}").Distinct())
            {
                if (!KnownLayerTypes.Contains(type))
                {
                    Refuse(fields, name, type, type.Replace('_', ' '));
                }
            }
        }
    }
}
