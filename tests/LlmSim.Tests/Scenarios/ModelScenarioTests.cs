using LlmSim.Catalog;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Tests.Workloads;

namespace LlmSim.Tests.Scenarios;

public sealed class ModelScenarioTests
{
    private const string Config = """
        { "model_type": "llama", "hidden_size": 512, "num_hidden_layers": 4, "num_attention_heads": 8,
          "num_key_value_heads": 2, "intermediate_size": 1536, "vocab_size": 1000, "max_position_embeddings": 2048 }
        """;

    [Fact]
    public void Every_model_reads_back_as_it_was_written() =>
        Assert.All(ModelCatalog.All, model =>
        {
            var config = DefaultScenario.Create() with
            {
                Model = model,
                Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("h100") },
                Scheduler = new SchedulerSpec { MaxModelLen = 2000 },
            };
            Assert.Equal(config, ScenarioJson.Parse(ScenarioJson.Write(config)));
        });

    [Fact]
    public void Layers_of_several_kinds_are_described_by_name()
    {
        var model = Model("""
            "name": "mine", "hidden_size": 512, "layers": 6, "attention_heads": 8, "kv_heads": 2, "head_size": 64,
            "ffn_width": 1536, "vocabulary_size": 1000, "max_sequence_length": 2048, "qk_norm": true,
            "layer_groups": {
              "dense": { "count": 1 },
              "local": { "count": 3, "sliding_window": 128, "kv_heads": 4,
                         "experts": { "count": 16, "per_token": 2, "width": 256, "shared_width": 512, "dtype": "int4" } },
              "plain": { "count": 2, "attention_heads": 0, "ffn_width": 768 }
            }
            """);
        var experts = new ExpertsSpec
        {
            Count = 16,
            PerToken = 2,
            Width = 256,
            SharedWidth = 512,
            WeightType = DataType.Int4,
        };
        Assert.Equal(
        [
            new LayerGroup { Name = "dense", Count = 1 },
            new LayerGroup { Name = "local", Count = 3, SlidingWindow = 128, KvHeads = 4, Experts = experts },
            new LayerGroup { Name = "plain", Count = 2, AttentionHeads = 0, FfnWidth = 768 },
        ], model.LayerGroups);
        Assert.Equal([2, 2, 1], model.LayerPlans().Select(plan => plan.Blocks.Count));
    }

    [Fact]
    public void A_known_model_is_changed_in_part()
    {
        var model = Model("\"base\": \"mixtral-8x7b\", \"experts\": { \"count\": 16, \"per_token\": 1, \"width\": 7168 }");
        Assert.Equal((32, 16, 1, 7168), (model.Layers, model.Experts!.Count, model.Experts.PerToken, model.Experts.Width));
    }

    [Theory]
    [InlineData("\"experts\": { \"count\": 2, \"per_token\": 3, \"width\": 8 }", "model.experts.per_token")]
    [InlineData("\"experts\": { \"count\": 2, \"width\": 8 }", "model.experts.per_token")]
    [InlineData("\"sliding_window\": 0", "model.sliding_window")]
    [InlineData("\"layer_groups\": { \"a\": { \"count\": 30 } }", "model.layer_groups")]
    [InlineData("\"latent\": { \"kv_rank\": 512, \"rope_head_size\": 128 }", "model.latent.rope_head_size")]
    [InlineData("\"latent\": { \"kv_rank\": 0, \"rope_head_size\": 64 }", "model.latent.kv_rank")]
    [InlineData("\"latent\": { \"rope_head_size\": 64 }", "model.latent.kv_rank")]
    [InlineData("\"latent\": { \"kv_rank\": 512, \"rope_head_size\": 64 }, \"sliding_window\": 64", "model.latent")]
    [InlineData("\"layer_groups\": [1]", "model.layer_groups")]
    [InlineData("\"layer_groups\": { \"a\": { \"count\": 32, \"kv_heads\": 3 } }", "model.layer_groups.a.kv_heads")]
    [InlineData("\"layer_groups\": { \"a\": { \"count\": 16, \"sliding_window\": 64 }, "
        + "\"b\": { \"count\": 16, \"sliding_window\": 128 } }", "model.layer_groups.b.sliding_window")]
    [InlineData("\"layer_groups\": { \"a\": { \"count\": 32, \"blocks\": \"Mine\" } }", "model.layer_groups.a.blocks")]
    [InlineData("\"layer_groups\": { \"a\": { \"count\": 32 } }, \"sliding_window\": 64", "model.sliding_window")]
    public void What_contradicts_itself_is_refused(string given, string field)
    {
        var problems = Assert.Throws<ConfigException>(() => Model($"\"base\": \"llama-2-7b\", {given}")).Problems;
        Assert.EndsWith(field, Assert.Single(problems).Field, StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_or_its_folder_stands_in_place_of_a_name()
    {
        using var folder = new TempFolder();
        string home = Directory.CreateDirectory(folder["my-model"]).FullName;
        File.WriteAllText(Path.Combine(home, "config.json"), Config);
        string scenario = folder["scenario.json"];
        foreach (string path in new[] { "my-model", "my-model/config.json", home })
        {
            File.WriteAllText(scenario, $$"""{ "model": "{{path}}" }""");
            var model = ScenarioJson.Load(scenario).Model;
            Assert.Equal(("my-model", 512, 4), (model.Name, model.HiddenSize, model.Layers));
        }

        File.WriteAllText(scenario, """{ "model": { "base": "my-model", "layers": 8 } }""");
        Assert.Equal(8, ScenarioJson.Load(scenario).Model.Layers);
    }

    [Fact]
    public void A_config_that_cannot_be_used_is_refused_once()
    {
        using var folder = new TempFolder();
        string config = folder["config.json"];
        File.WriteAllText(config, Config.Replace("\"num_hidden_layers\"", "\"ssm_state_size\"", StringComparison.Ordinal));
        string scenario = folder["scenario.json"];
        File.WriteAllText(scenario, """{ "model": "config.json" }""");
        var problem = Assert.Single(Assert.Throws<ConfigException>(() => ScenarioJson.Load(scenario)).Problems);
        Assert.Equal($"model: {config}: ssm_state_size", problem.Field);
        File.WriteAllText(scenario, """{ "model": "other/config.json" }""");
        Assert.Equal("no such file",
            Assert.Single(Assert.Throws<ConfigException>(() => ScenarioJson.Load(scenario)).Problems).Value);
    }

    [Fact]
    public void Blocks_of_ones_own_are_named_in_what_is_written()
    {
        var config = DefaultScenario.Create() with
        {
            Model = ModelCatalog.Get("llama-2-7b") with
            {
                LayerGroups = [new LayerGroup { Name = "mine", Count = 32, Blocks = [new FeedForward { Width = 8 }] }],
            },
        };
        Assert.Contains("\"blocks\": \"FeedForward\"", ScenarioJson.Write(config), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"gpu\": \"t4\"", "dtype")] // The default model in BF16.
    [InlineData("\"kv_cache_dtype\": \"int4\"", "kv_cache_dtype")]
    public void Number_formats_that_cannot_be_are_refused(string given, string field)
    {
        var problems = Assert.Throws<ConfigException>(
            () => ScenarioJson.Parse($$"""{ "model": "qwen2.5-0.5b", {{given}} }""")).Problems;
        Assert.EndsWith(field, Assert.Single(problems).Field, StringComparison.Ordinal);
    }

    private static ModelSpec Model(string keys) => ScenarioJson.Parse($$"""{ "model": { {{keys}} } }""").Model;
}
