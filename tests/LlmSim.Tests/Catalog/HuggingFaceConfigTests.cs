using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Tests.Catalog;

/// <summary>Configs made up in the style of each family, a few layers deep.</summary>
public sealed class HuggingFaceConfigTests
{
    private const string Llama = """
        "model_type": "llama", "hidden_size": 512, "num_hidden_layers": 4, "num_attention_heads": 8,
        "num_key_value_heads": 2, "intermediate_size": 1536, "vocab_size": 1000, "max_position_embeddings": 2048
        """;

    private const string Moe = """
        "hidden_size": 512, "num_hidden_layers": 6, "num_attention_heads": 8, "num_key_value_heads": 2, "head_dim": 32,
        "intermediate_size": 1536, "vocab_size": 1000, "max_position_embeddings": 2048, "num_experts_per_tok": 2
        """;

    private const string Latent = """
        "model_type": "deepseek_v3", "hidden_size": 512, "num_hidden_layers": 6, "num_attention_heads": 8, "num_key_value_heads": 8,
        "intermediate_size": 1536, "vocab_size": 1000, "max_position_embeddings": 2048, "kv_lora_rank": 64, "qk_nope_head_dim": 32,
        "qk_rope_head_dim": 16, "v_head_dim": 32, "n_routed_experts": 8, "num_experts_per_tok": 2, "n_shared_experts": 2,
        "moe_intermediate_size": 128, "first_k_dense_replace": 1, "moe_layer_freq": 1
        """;

    [Fact]
    public void A_plain_config_becomes_a_plain_model()
    {
        var model = Parse(Llama + """, "torch_dtype": "float16", "tie_word_embeddings": true""");
        Assert.Equal(new ModelSpec
        {
            Name = "mine",
            HiddenSize = 512,
            Layers = 4,
            AttentionHeads = 8,
            KvHeads = 2,
            HeadSize = 64,
            FfnWidth = 1536,
            VocabularySize = 1000,
            MaxSequenceLength = 2048,
            TiedEmbeddings = true,
            WeightType = DataType.Fp16,
            Source = "config.json",
        }, model);
    }

    [Fact]
    public void Other_names_of_fields_are_understood()
    {
        var model = Parse("""
            "model_type": "gpt_bigcode", "n_embd": 512, "n_layer": 4, "n_head": 8, "multi_query": true,
            "n_inner": null, "vocab_size": 1000, "n_positions": 1024, "dtype": "bfloat16"
            """);
        Assert.Equal((512, 4, 8, 1, 2048, 1024), (model.HiddenSize, model.Layers, model.AttentionHeads, model.KvHeads,
            model.FfnWidth, model.MaxSequenceLength));
        Assert.Equal((false, true, DataType.Bf16), (model.GatedMlp, model.TiedEmbeddings, model.WeightType));
    }

    [Fact]
    public void The_language_part_of_a_multimodal_model_is_read()
    {
        var model = Parse($$"""
            "model_type": "qwen3_vl", "tie_word_embeddings": true, "vision_config": { "hidden_size": 1 },
            "text_config": { {{Llama.Replace("\"llama\"", "\"qwen3_vl_text\"", StringComparison.Ordinal)}} }
            """, check: false);
        Assert.Equal((512, true, true), (model.HiddenSize, model.TiedEmbeddings, model.QkNorm));
    }

    [Fact]
    public void Windows_go_to_the_layers_that_have_them()
    {
        Assert.Equal(256, Parse(Llama + """, "sliding_window": 256""").SlidingWindow);
        Assert.Null(Parse(Llama + """, "sliding_window": 256, "use_sliding_window": false""").SlidingWindow);
        Assert.Null(Parse(Llama + """, "sliding_window": 4096""").SlidingWindow); // Longer than any sequence.
        var mixed = Parse(Llama + """
            , "sliding_window": 256,
            "layer_types": ["sliding_attention", "sliding_attention", "sliding_attention", "full_attention"]
            """);
        Assert.Equal([("local", 3, 256), ("global", 1, null)],
            mixed.LayerGroups.Select(group => (group.Name, group.Count, group.SlidingWindow)));
        var gemma = Parse(Llama.Replace("\"llama\"", "\"gemma2\"", StringComparison.Ordinal) + """, "sliding_window": 256""");
        Assert.Equal([2, 2], gemma.LayerGroups.Select(group => group.Count));
        Assert.True(gemma.SandwichNorms && gemma.TiedEmbeddings);
    }

    [Theory]
    [InlineData("\"model_type\": \"mixtral\", \"num_local_experts\": 8", "6", 8, 1536, 0)]
    [InlineData("\"model_type\": \"qwen3_moe\", \"num_experts\": 16, \"moe_intermediate_size\": 96", "6", 16, 96, 0)]
    [InlineData("\"model_type\": \"qwen3_moe\", \"num_experts\": 16, \"moe_intermediate_size\": 96, "
        + "\"decoder_sparse_step\": 2", "3+3", 16, 96, 0)]
    [InlineData("\"model_type\": \"qwen3_moe\", \"num_experts\": 16, \"moe_intermediate_size\": 96, "
        + "\"mlp_only_layers\": [0, 5]", "2+4", 16, 96, 0)]
    [InlineData("\"model_type\": \"glm4_moe\", \"n_routed_experts\": 16, \"moe_intermediate_size\": 96, "
        + "\"n_shared_experts\": 2, \"first_k_dense_replace\": 1", "1+5", 16, 96, 192)]
    [InlineData("\"model_type\": \"qwen2_moe\", \"num_experts\": 16, \"moe_intermediate_size\": 96, "
        + "\"shared_expert_intermediate_size\": 400", "6", 16, 96, 400)]
    public void Experts_go_to_the_layers_that_have_them(string given, string layers, int count, int width, int shared)
    {
        var model = Parse($"{Moe}, {given}");
        var experts = model.Experts ?? model.LayerGroups.Single(group => group.Experts is not null).Experts!;
        Assert.Equal((count, 2, width, shared), (experts.Count, experts.PerToken, experts.Width, experts.SharedWidth));
        var counts = model.LayerGroups.Count == 0 ? [model.Layers] : model.LayerGroups.Select(group => group.Count);
        Assert.Equal(layers, string.Join("+", counts));
    }

    [Fact]
    public void Layers_found_by_search_become_groups()
    {
        var model = Parse("""
            "model_type": "nemotron-nas", "hidden_size": 768, "num_hidden_layers": 3, "num_attention_heads": 8,
            "num_key_value_heads": null, "intermediate_size": null, "vocab_size": 1000, "max_position_embeddings": 2048,
            "block_configs": [
              { "attention": { "n_heads_in_group": 4 }, "ffn": { "ffn_mult": 4 } },
              { "attention": { "n_heads_in_group": 4 }, "ffn": { "ffn_mult": 4 } },
              { "attention": { "no_op": true }, "ffn": { "ffn_mult": 1 } } ]
            """);
        // Two thirds of 4·768 = 2,048, and of 768 = 512. Cache: two layers of 2 heads of 96.
        Assert.Equal([(2, null, 2048), (1, 0, 512)],
            model.LayerGroups.Select(group => (group.Count, group.AttentionHeads, group.FfnWidth)));
        Assert.Equal(2 * 2 * 2 * 96 * 2, model.KvBytesPerToken());
    }

    [Theory]
    [InlineData("\"quant_method\": \"fp8\"", DataType.Fp8)]
    [InlineData("\"quant_method\": \"awq\", \"bits\": 4", DataType.Int4)]
    [InlineData("\"quant_method\": \"gptq\", \"bits\": 4", DataType.Int4)]
    [InlineData("\"quant_method\": \"modelopt\", \"quant_algo\": \"FP8\"", DataType.Fp8)]
    [InlineData("\"quant_method\": \"compressed-tensors\", \"format\": \"int-quantized\", "
        + "\"config_groups\": { \"group_0\": { \"weights\": { \"num_bits\": 8 } } }", DataType.Int8)]
    public void Quantised_weights_are_read(string quantization, DataType expected) =>
        Assert.Equal(expected, Parse($$"""{{Llama}}, "quantization_config": { {{quantization}} }""").WeightType);

    [Fact]
    public void Quantisation_in_the_file_beside_is_read()
    {
        var model = HuggingFaceConfig.Parse($"{{{Llama}}}", "mine",
            """{ "quantization": { "quant_algo": "FP8", "kv_cache_quant_algo": "FP8" } }""");
        Assert.Equal((DataType.Fp8, DataType.Fp8), (model.WeightType, model.KvType));
    }

    [Fact]
    public void Experts_alone_may_be_quantised()
    {
        var model = Parse(Moe + """
            , "model_type": "mixtral", "num_local_experts": 8,
            "quantization_config": { "quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn"] }
            """);
        Assert.Equal((DataType.Bf16, DataType.Mxfp4), (model.WeightType, model.Experts!.WeightType));
    }

    [Theory]
    [InlineData("\"ssm_state_size\": 128", "ssm_state_size", "state-space layers")]
    [InlineData("\"layer_types\": [\"linear_attention\"]", "layer_types", "linear attention")]
    [InlineData("\"index_topk\": 2048", "index_topk", "sparse attention")]
    [InlineData("\"is_encoder_decoder\": true", "is_encoder_decoder", "an encoder beside the decoder")]
    [InlineData("\"parallel_attn\": true", "parallel_attn", "side by side")]
    [InlineData("\"quantization_config\": { \"quant_algo\": \"NVFP4\" }", "quantization_config", "NVFP4")]
    [InlineData("\"quantization_config\": { \"quant_method\": \"bitsandbytes\" }", "quantization_config", "quantisation")]
    public void What_is_not_modelled_is_refused_by_name(string given, string field, string part)
    {
        var problem = Assert.Single(Refused($"{Llama}, {given}"));
        Assert.Equal($"config.json: {field}", problem.Field);
        Assert.Contains(part, problem.Allowed, StringComparison.Ordinal);
        Assert.Contains("docs/models.md", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Latent_attention_is_read_with_its_dense_first_layers_and_8_bit_weights()
    {
        var model = Parse(Latent + """
            , "q_lora_rank": 96, "quantization_config": { "quant_method": "fp8", "weight_block_size": [128, 128] }
            """);
        Assert.Equal((new LatentSpec { KvRank = 64, QueryRank = 96, RopeHeadSize = 16 }, 48, 32, DataType.Fp8),
            (model.Latent, model.HeadSize, model.ValueHeadSize, model.WeightType));
        Assert.Equal([(1, false), (5, true)], model.LayerGroups.Select(group => (group.Count, group.Experts is not null)));
        Assert.Equal((8, 2, 256), (model.LayerGroups[1].Experts!.Count, model.LayerGroups[1].Experts!.PerToken, model.LayerGroups[1].Experts!.SharedWidth));
        Assert.Null(Parse(Latent + ", \"q_lora_rank\": null").Latent!.QueryRank);
    }

    [Fact]
    public void Sparse_attention_to_latents_is_refused_and_missing_widths_are_told()
    {
        Assert.Contains("sparse attention", Assert.Single(Refused(Latent + ", \"index_topk\": 2048")).Allowed, StringComparison.Ordinal);
        Assert.Equal(["config.json: qk_rope_head_dim", "config.json: qk_nope_head_dim", "config.json: v_head_dim"],
            Refused(Llama + ", \"kv_lora_rank\": 512").Select(problem => problem.Field));
    }

    [Fact]
    public void Every_mistake_is_found_at_once()
    {
        var problems = Refused("""
            "model_type": "llama", "hidden_size": 500, "num_hidden_layers": "4", "num_attention_heads": 8,
            "num_key_value_heads": 3, "max_position_embeddings": 2048, "intermediate_size": 1536
            """);
        Assert.Equal(["num_attention_heads", "num_hidden_layers", "num_key_value_heads", "vocab_size"],
            problems.Select(problem => problem.Field["config.json: ".Length..]).Order());
        Assert.Contains(problems, problem => problem.Allowed == "a divisor of hidden_size, 500, or head_dim given too");
        Assert.Contains(problems, problem => problem is { Value: "\"4\"", Allowed: "a whole number, 0 to 16777216" });
    }

    [Fact]
    public void Unknown_families_and_broken_files_are_refused()
    {
        Assert.Contains("known family", Assert.Single(Refused("\"model_type\": \"hopper\"")).Allowed, StringComparison.Ordinal);
        Assert.Contains("known family", Assert.Single(Refused("\"a\": 1")).Allowed, StringComparison.Ordinal);
        string Field(string text) => Assert.Single(
            Assert.Throws<ConfigException>(() => HuggingFaceConfig.Parse(text, "mine")).Problems).Field;
        Assert.Equal("config.json", Field("[1]"));
        Assert.Equal("config.json:2", Field("{\n  \"a\": }"));
        Assert.Equal("nowhere/config.json", Assert.Single(Assert.Throws<ConfigException>(
            () => HuggingFaceConfig.Read("nowhere/config.json")).Problems).Field);
        Parse($$"""{{Llama}}, "time_step_limit": [0.0, Infinity]"""); // As Python writes it.
    }

    private static ModelSpec Parse(string fields, bool check = true)
    {
        var model = HuggingFaceConfig.Parse($"{{{fields}}}", "mine");
        Assert.True(!check || model.ParameterCount() > 0);
        return model;
    }

    private static IReadOnlyList<ConfigProblem> Refused(string fields) =>
        Assert.Throws<ConfigException>(() => HuggingFaceConfig.Parse($"{{{fields}}}", "mine")).Problems;
}
