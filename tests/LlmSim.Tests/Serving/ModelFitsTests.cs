using LlmSim.Catalog;
using LlmSim.Serving;

namespace LlmSim.Tests.Serving;

public sealed class ModelFitsTests
{
    [Theory]
    [InlineData("llama-2-7b", "rtx-4090", 1)] // 12.6 GiB of 21.3
    [InlineData("llama-2-13b", "rtx-4090", 2)] // 24.2 GiB
    [InlineData("llama-2-70b", "a100", 2)] // 128.5 GiB of 2 · 71.2
    [InlineData("llama-3.1-405b", "h100", null)] // 756 GiB of 8 · 71.3
    [InlineData("llama-3.1-405b", "b200", 8)] // of 4 · 160.5 no, of 8 yes
    [InlineData("gpt-oss-120b", "h100", 1)] // 60.7 GiB
    [InlineData("mixtral-8x7b", "h100", 2)] // 87.0 GiB
    [InlineData("qwen2.5-0.5b", "t4", 1)]
    public void Least_tensor_parallelism(string model, string gpu, int? expected)
    {
        var fit = ModelFits.Fit(ModelCatalog.Get(model), GpuCatalog.Get(gpu));
        Assert.Equal(expected, fit.TensorParallel);
        Assert.Equal(expected is not null, fit.KvTokens >= 4096);
    }

    [Fact]
    public void Every_model_gets_an_answer_and_a_larger_GPU_never_needs_more()
    {
        var small = ModelFits.On(GpuCatalog.Get("rtx-4090"));
        var large = ModelFits.On(GpuCatalog.Get("h200"));
        Assert.Equal(ModelCatalog.All, small.Select(fit => fit.Model));
        Assert.All(small.Zip(large), pair =>
            Assert.True((pair.Second.TensorParallel ?? 99) <= (pair.First.TensorParallel ?? 99)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelFits.On(GpuCatalog.Get("h100"), contextTokens: 0));
    }

    [Fact]
    public void A_longer_context_needs_more()
    {
        // Llama-2-7B at 131,072 tokens would need 64 GiB of cache.
        var model = ModelCatalog.Get("llama-2-7b") with { MaxSequenceLength = 131072 };
        Assert.Equal(1, ModelFits.Fit(model, GpuCatalog.Get("a100")).TensorParallel);
        Assert.Equal(2, ModelFits.Fit(model, GpuCatalog.Get("a100"), contextTokens: 131072).TensorParallel);
    }
}
