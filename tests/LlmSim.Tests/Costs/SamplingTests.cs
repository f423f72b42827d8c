using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Tests.Costs;

/// <summary>What drawing tokens costs by the model's generation defaults.</summary>
public sealed class SamplingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-model-").FullName;

    [Theory]
    [InlineData("llama-2-7b", Sampling.TopP)]
    [InlineData("llama-3.1-8b", Sampling.TopP)]
    [InlineData("qwen3-8b", Sampling.TopP)]
    [InlineData("qwen2.5-7b", Sampling.TopP)]
    [InlineData("codellama-34b", Sampling.Random)]
    [InlineData("mixtral-8x7b", Sampling.Random)]
    [InlineData("mistral-7b", Sampling.Random)]
    [InlineData("tinyllama-1.1b", Sampling.Random)]
    public void Is_in_the_catalogue(string name, Sampling sampling) => Assert.Equal(sampling, ModelCatalog.Get(name).Sampling);

    [Theory]
    [InlineData(Sampling.Random, 0)]
    [InlineData(Sampling.Greedy, 0)]
    [InlineData(Sampling.TopK, 0)]
    [InlineData(Sampling.TopP, 100e-6 + 80 * 32000 * 0.2e-9)]
    public void Only_top_p_sorts(Sampling sampling, double more)
    {
        Assert.Equal(Step(Sampling.Random) + more, Step(sampling), 9);

        static double Step(Sampling sampling)
        {
            var gpu = new ClusterSpec { Gpu = GpuCatalog.Get("h100") };
            var cost = new TransformerCostModel(
                ModelCatalog.Get("llama-2-7b") with { Sampling = sampling }, gpu, 1, new HostSpec { StepSeconds = 0 }, asynchronous: true, maxTokens: 128);
            BatchShape shape = cost.NewBatch();
            shape.AddDecode(80, 8000);
            return cost.StepQuanta(shape) / (1e9 * (1 << 20));
        }
    }

    [Theory]
    [InlineData(null, Sampling.Random)]
    [InlineData("""{ "do_sample": true, "temperature": 0.6, "top_p": 0.9 }""", Sampling.TopP)]
    [InlineData("""{ "top_k": 20, "top_p": 0.95 }""", Sampling.TopP)]
    [InlineData("""{ "top_k": 50, "top_p": 1.0 }""", Sampling.TopK)]
    [InlineData("""{ "temperature": 0, "top_p": 0.9 }""", Sampling.Greedy)]
    [InlineData("""{ "eos_token_id": 2 }""", Sampling.Random)]
    public void Is_read_from_the_file_beside_a_config(string? generation, Sampling sampling)
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), """
            { "model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128,
              "vocab_size": 1000, "max_position_embeddings": 512 }
            """);
        if (generation is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "generation_config.json"), generation);
        }

        Assert.Equal(sampling, HuggingFaceConfig.Read(_folder).Sampling);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
