using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Costs;

/// <summary>Parameter counts as papers and model cards state them, in billions.</summary>
public sealed class PublishedCountTests
{
    [Theory]
    [InlineData("llama-2-7b", 6.74)]
    [InlineData("llama-2-13b", 13.0)]
    [InlineData("llama-2-70b", 69.0)]
    [InlineData("codellama-34b", 33.7)]
    [InlineData("llama-3-8b", 8.03)]
    [InlineData("llama-3-70b", 70.6)]
    [InlineData("llama-3.1-8b", 8.03)]
    [InlineData("llama-3.1-70b", 70.6)]
    [InlineData("llama-3.1-405b", 406)]
    [InlineData("llama-3.2-1b", 1.24)]
    [InlineData("llama-3.2-3b", 3.21)]
    [InlineData("tinyllama-1.1b", 1.10)]
    [InlineData("smollm2-1.7b", 1.71)]
    [InlineData("yi-6b", 6.06)]
    [InlineData("yi-34b", 34.4)]
    [InlineData("mistral-7b", 7.25)]
    [InlineData("mistral-7b-v0.1", 7.24)]
    [InlineData("mistral-nemo-12b", 12.2)]
    [InlineData("mistral-small-24b", 23.6)]
    [InlineData("mistral-large-123b", 123)]
    [InlineData("mixtral-8x7b", 46.7)]
    [InlineData("mixtral-8x22b", 140.6)]
    [InlineData("qwen1.5-moe-a2.7b", 14.3)]
    [InlineData("qwen2.5-0.5b", 0.494)]
    [InlineData("qwen2.5-1.5b", 1.54)]
    [InlineData("qwen2.5-3b", 3.09)]
    [InlineData("qwen2.5-7b", 7.62)]
    [InlineData("qwen2.5-14b", 14.77)]
    [InlineData("qwen2.5-32b", 32.76)]
    [InlineData("qwen2.5-72b", 72.7)]
    [InlineData("qwen3-0.6b", 0.6)]
    [InlineData("qwen3-4b", 4.02)]
    [InlineData("qwen3-8b", 8.19)]
    [InlineData("qwen3-14b", 14.8)]
    [InlineData("qwen3-32b", 32.8)]
    [InlineData("qwen3-30b-a3b", 30.5)]
    [InlineData("qwen3-235b-a22b", 235)]
    [InlineData("qwen3-coder-480b-a35b", 480)]
    [InlineData("gemma-2-2b", 2.61)]
    [InlineData("gemma-2-9b", 9.24)]
    [InlineData("gemma-2-27b", 27.2)]
    [InlineData("gemma-3-1b", 1.0)]
    [InlineData("gemma-3-12b", 11.77)] // Without the vision encoder, as the others of this family.
    [InlineData("gemma-3-27b", 27.0)]
    [InlineData("phi-3-mini", 3.82)]
    [InlineData("phi-3.5-moe", 41.9)]
    [InlineData("phi-4", 14.7)]
    [InlineData("phi-4-mini", 3.84)]
    [InlineData("gpt-oss-20b", 20.9)]
    [InlineData("gpt-oss-120b", 116.8)]
    [InlineData("olmo-2-7b", 7.30)]
    [InlineData("olmo-2-13b", 13.7)]
    [InlineData("olmoe-1b-7b", 6.92)]
    [InlineData("glm-4-9b", 9.40)]
    [InlineData("glm-4.5-air", 106)]
    [InlineData("minimax-m2.5", 229)]
    [InlineData("mimo-v2-flash", 309)]
    [InlineData("deepseek-v2-lite", 15.7)]
    [InlineData("deepseek-v3", 671)]
    [InlineData("kimi-k2", 1026)]
    public void Parameters_are_as_published(string name, double billions) =>
        Assert.InRange(ModelCatalog.Get(name).ParameterCount() / (billions * 1e9), 0.99, 1.01);

    // Cards that leave the embedding out of the active count: gpt-oss says so.
    [Theory]
    [InlineData("mixtral-8x7b", 12.9, 0)]
    [InlineData("mixtral-8x22b", 39.1, 0)]
    [InlineData("qwen3-30b-a3b", 3.35, 0)]
    [InlineData("qwen3-235b-a22b", 22.2, 0)]
    [InlineData("phi-3.5-moe", 6.6, 0)]
    [InlineData("olmoe-1b-7b", 1.3, 0)]
    [InlineData("gpt-oss-20b", 3.61, 1)]
    [InlineData("gpt-oss-120b", 5.13, 1)]
    [InlineData("llama-2-7b", 6.74, 0)]
    [InlineData("deepseek-v3", 37.5, 0)]
    [InlineData("kimi-k2", 32.9, 0)]
    public void Active_parameters_are_as_published(string name, double billions, int embeddingsLeftOut)
    {
        var model = ModelCatalog.Get(name);
        long embeddings = (long)embeddingsLeftOut * model.VocabularySize * model.HiddenSize;
        Assert.InRange((model.ActiveParameterCount() - embeddings) / (billions * 1e9), 0.98, 1.02);
    }

    [Fact]
    public void FLOPs_of_a_token_are_twice_its_active_matrix_parameters() =>
        Assert.All(ModelCatalog.All, model =>
        {
            var cost = new TransformerCostModel(model, new() { Gpu = GpuCatalog.Get("h100") }, 1, TestScenarios.NoHost,
                true, 16);
            var batch = cost.NewBatch();
            batch.AddDecode(1, 1);
            double attention = 0;
            double flops = 0;
            foreach (var row in cost.Explain(batch).Operators)
            {
                flops += row.Flops;
                attention += row.Operator.Label().Contains("attention", StringComparison.Ordinal) ? row.Flops : 0;
            }

            // With latent attention a decoding sequence's own token is multiplied with the matrices that widen latents: their share of attention.
            foreach ((long count, BlockKernel kernel) in model.LayerKernels(1))
            {
                attention -= kernel is LatentContext latent ? 2.0 * count * latent.Weights : 0;
            }

            // An embedding is looked up, not multiplied; of tied ones the head is.
            long lookedUp = model.TiedEmbeddings ? 0 : (long)model.VocabularySize * model.HiddenSize;
            Assert.Equal(1, (flops - attention) / (2.0 * (model.ActiveParameterCount() - lookedUp)), 2e-3);
        });
}
