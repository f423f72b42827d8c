using LlmSim.Catalog;
using LlmSim.Serving;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Tests.Serving.Sglang;

/// <summary>What SGLang fills in by itself, by hand.</summary>
public sealed class SglangDeploymentTests
{
    // Left out: metadata, a prefill step, graphs of up to 256 requests and one GPU. Together that is more than the least of 10 GiB.
    [Fact]
    public void Defaults_of_a_large_gpu()
    {
        Deployment deployment = Deployment.Resolve(On("h100-80gb-sxm"));
        double mebibytes = GpuCatalog.Get("h100-80gb-sxm").MemoryBytes / (double)(1 << 20);
        double share = Math.Round((mebibytes - 512 - (1.5 * 8192) - (2 * 256) - 128) / mebibytes, 3);
        long runtime = deployment.Memory.ReserveBytes;
        long forStatic = (long)(share * (deployment.Memory.TotalBytes - runtime));
        Assert.Equal(8192, deployment.Limits.Sglang!.ChunkedPrefillSize);
        Assert.Equal((forStatic - deployment.Memory.WeightBytes) / deployment.Memory.BlockBytes, deployment.Limits.UsableBlocks);
        Assert.Equal(1, deployment.Limits.BlockSize);
        Assert.Equal(2048, deployment.Limits.MaxNumSeqs);
        Assert.Equal(131072 - 2, deployment.Limits.MaxModelLen);
        Assert.Equal(8192, deployment.Limits.MaxNumBatchedTokens);
        Assert.True(deployment.Limits.IsAsynchronous);
        Assert.True(deployment.Limits.EnablePrefixCaching);
        Assert.False(deployment.Limits.Sglang.CachesOutput);
    }

    [Theory]
    [InlineData("t4", 2048)]
    [InlineData("l40s", 4096)]
    [InlineData("h200-141gb-sxm", 8192)]
    [InlineData("b200-180gb-sxm", 16384)]
    public void Prefill_steps_grow_with_the_memory(string gpu, int tokens) =>
        Assert.Equal(tokens, SglangEngine.ChunkOn(GpuCatalog.Get(gpu)));

    [Fact]
    public void A_pool_that_is_asked_for_bounds_sequences_and_seats()
    {
        SimulatorConfig config = On("h100-80gb-sxm");
        config = config with
        {
            Scheduler = config.Scheduler with { BlockSize = 16, Sglang = new SglangSpec { MaxTotalTokens = 1000, ChunkedPrefillSize = -1 } },
        };
        EngineLimits limits = Deployment.Resolve(config).Limits;
        Assert.Equal(62, limits.UsableBlocks);
        Assert.Equal(992 - 2, limits.MaxModelLen);
        Assert.Equal(496, limits.MaxNumSeqs);
        Assert.Equal(16384 + 990, limits.MaxNumBatchedTokens);
    }

    [Fact]
    public void Until_0_5_5_generated_tokens_are_kept() =>
        Assert.True(Deployment.Resolve(On("h100-80gb-sxm") with { Engine = new SglangEngine(5, 5) }).Limits.Sglang!.CachesOutput);

    private static SimulatorConfig On(string gpu) => new()
    {
        Engine = SglangEngine.Newest,
        Model = ModelCatalog.Get("llama-3.1-8b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get(gpu) },
    };
}
