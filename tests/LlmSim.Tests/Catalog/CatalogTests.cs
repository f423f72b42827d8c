using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Tests.Catalog;

public sealed class CatalogTests
{
    [Theory]
    [InlineData("llama-2-7b", "llama-2-7b")]
    [InlineData("Llama2-7B", "llama-2-7b")]
    [InlineData("meta-llama/Llama-2-7b-hf", "llama-2-7b")]
    [InlineData("META-LLAMA/LLAMA-2-70B-CHAT-HF", "llama-2-70b")]
    [InlineData("llama3.1-8b", "llama-3.1-8b")]
    [InlineData("meta-llama/Meta-Llama-3.1-70B-Instruct", "llama-3.1-70b")]
    public void Models_are_found_by_name_spelling_and_Hugging_Face_id(string given, string name) =>
        Assert.Equal(name, ModelCatalog.Get(given).Name);

    [Theory]
    [InlineData("a100", "a100-80gb-sxm")]
    [InlineData("A100-40GB", "a100-40gb-sxm")]
    [InlineData("h100", "h100-80gb-sxm")]
    [InlineData("H100_PCIe", "h100-80gb-pcie")]
    [InlineData("RTX 4090", "rtx-4090")]
    [InlineData("NVIDIA A100-SXM4-80GB", "a100-80gb-sxm")]
    public void Gpus_are_found_by_name_and_alias(string given, string name) =>
        Assert.Equal(name, GpuCatalog.Get(given).Name);

    [Fact]
    public void Every_entry_is_found_by_its_own_name_and_says_where_it_is_from()
    {
        Assert.All(ModelCatalog.All, model => Assert.Same(model, ModelCatalog.Get(model.Name)));
        Assert.All(GpuCatalog.All, gpu => Assert.Same(gpu, GpuCatalog.Get(gpu.Name)));
        Assert.All(InterconnectCatalog.All, link => Assert.Same(link, InterconnectCatalog.Get(link.Name)));
        Assert.All(ModelCatalog.All, model => Assert.NotEmpty(model.Source));
        Assert.All(GpuCatalog.All, gpu => Assert.NotEmpty(gpu.Source));
        Assert.All(InterconnectCatalog.All, link => Assert.NotEmpty(link.Source));
    }

    [Fact]
    public void Datasheet_figures()
    {
        var a100 = GpuCatalog.Get("a100");
        Assert.Equal((312e12, 2.039e12), (a100.Fp16FlopsPerSecond, a100.MemoryBytesPerSecond));
        Assert.Equal(300e9, a100.Interconnect.BytesPerSecond);
        Assert.Null(a100.Fp8FlopsPerSecond);
        var h100 = GpuCatalog.Get("h100");
        Assert.Equal((989.4e12, 3.35e12), (h100.Fp16FlopsPerSecond, h100.MemoryBytesPerSecond));
        Assert.Equal(450e9, h100.Interconnect.BytesPerSecond);
        Assert.All(GpuCatalog.All, gpu => Assert.InRange(gpu.MemoryBytes, 14L << 30, 192L << 30));
    }

    [Fact]
    public void Unknown_names_are_refused_with_near_ones()
    {
        Assert.False(GpuCatalog.TryGet("h10", out _));
        var problem = Assert.Single(Assert.Throws<ConfigException>(() => ModelCatalog.Get("lama-2-7b")).Problems);
        Assert.Equal("model", problem.Field);
        Assert.StartsWith("Did you mean llama-2-7b", problem.Fix, StringComparison.Ordinal);
        Assert.Equal("h100-80gb-sxm", GpuCatalog.Near("h10")[0]);
        Assert.Empty(GpuCatalog.Near("tpu-v5e"));
        Assert.Equal("Use a known name, or describe it by its figures.",
            Assert.Single(Assert.Throws<ConfigException>(() => GpuCatalog.Get("tpu-v5e")).Problems).Fix);
    }
}
