using System.Text.Json.Nodes;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Tests.Catalog;

public sealed class HuggingFaceFuzzTests
{
    private const string Common = """
        "hidden_size": 512, "num_hidden_layers": 2, "num_attention_heads": 8, "num_key_value_heads": 2, "head_dim": 32,
        "intermediate_size": 1536, "vocab_size": 1000, "max_position_embeddings": 2048
        """;

    private static readonly string[] Configs =
    [
        $$"""
        { "model_type": "mimo_v2_flash", {{Common}}, "v_head_dim": 16, "tie_word_embeddings": true, "dtype": "float16",
          "sliding_window": 128, "hybrid_layer_pattern": [0, 1], "swa_num_key_value_heads": 4, "use_qk_norm": true,
          "num_experts_per_tok": 2, "n_routed_experts": 16, "moe_intermediate_size": 96, "n_shared_experts": 1,
          "moe_layer_freq": [0, 1], "first_k_dense_replace": 1, "mlp_only_layers": [1], "layer_types": [],
          "quantization_config": { "quant_method": "compressed-tensors", "format": "pack-quantized", "ignore": ["lm_head"],
            "config_groups": { "group_0": { "weights": { "num_bits": 4 } } }, "kv_cache_scheme": { "num_bits": 8 } } }
        """,
        $$"""
        { "model_type": "nemotron-nas", {{Common}},
          "block_configs": [ { "attention": { "n_heads_in_group": 4 }, "ffn": { "ffn_mult": 4 } }, { } ] }
        """,
        $$"""
        { "model_type": "gemma3", "text_config": { "model_type": "gemma3_text", {{Common}}, "sliding_window": 64 },
          "sliding_window_pattern": 2 }
        """,
    ];

    private static readonly string[] Values =
        ["null", "-1", "0", "1", "7", "2147483647", "1e300", "0.5", "\"x\"", "[]", "[1]", "[1, 2]", "[{}, {}]", "{}", "true"];

    [Fact]
    public void Whatever_stands_in_a_field_is_imported_or_refused()
    {
        foreach (string config in Configs)
        {
            for (int place = 0; Replace(config, place, "null") is not null; place++)
            {
                foreach (string value in Values)
                {
                    Import(Replace(config, place, value)!);
                }
            }
        }
    }

    private static void Import(string json)
    {
        ModelSpec model;
        try
        {
            model = HuggingFaceConfig.Parse(json, "mine");
        }
        catch (ConfigException e)
        {
            Assert.NotEmpty(e.Problems);
            return;
        }

        // What is imported is valid, or a number that no model has, which the scenario's checks find.
        var problems = ConfigValidator.Validate(DefaultScenario.Create() with { Model = model });
        Assert.True(model.ParameterCount() != 0 || problems.Count > 0, json);
    }

    /// <summary>The config with the value at a place, counted through all objects, replaced; null beyond the last.</summary>
    private static string? Replace(string config, int place, string value)
    {
        var root = JsonNode.Parse(config)!;
        var places = new List<(JsonObject Owner, string Key)>();
        Collect(root, places);
        if (place >= places.Count)
        {
            return null;
        }

        places[place].Owner[places[place].Key] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    private static void Collect(JsonNode? node, List<(JsonObject Owner, string Key)> places)
    {
        if (node is JsonObject one)
        {
            places.AddRange(one.Select(property => (one, property.Key)));
            one.Select(property => property.Value).ToList().ForEach(child => Collect(child, places));
        }
        else if (node is JsonArray list)
        {
            list.ToList().ForEach(child => Collect(child, places));
        }
    }
}
