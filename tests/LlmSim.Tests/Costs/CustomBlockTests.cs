using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Tests.Docs;

namespace LlmSim.Tests.Costs;

/// <summary>A block of one's own is one small class: here latent attention, which keeps one short vector of each token.</summary>
public sealed class CustomBlockTests
{
    private static readonly ModelSpec Model = ModelCatalog.Get("llama-2-7b") with
    {
        Name = "latent-7b",
        LayerGroups =
        [
            new LayerGroup
            {
                Name = "latent",
                Count = 32,
                Blocks = [new LatentAttention(Heads: 32, Latent: 512, Rope: 64), new FeedForward { Width = 11008 }],
            },
        ],
    };

    [Fact]
    public void Cache_parameters_and_time_follow_from_its_kernels()
    {
        // 32 layers · (512 + 64) elements · 2 B, on every GPU.
        Assert.Equal(32 * 576 * 2, Model.KvBytesPerToken());
        Assert.Equal(32 * 576 * 2, Model.KvBytesPerToken(4));
        long attention = 4096 * 576 + 4096L * 32 * 576 + 32L * 512 * 4096;
        Assert.Equal(32 * (attention + 3L * 4096 * 11008 + 2 * 4096) + 262_144_000 + 4096, Model.ParameterCount());
        var cost = new TransformerCostModel(Model, new ClusterSpec { Gpu = GpuCatalog.Get("h100") }, 1,
            TestScenarios.NoHost, true, 16);
        var rows = cost.Explain(TestScenarios.Decode(4, 1000)).Operators;
        Assert.Equal(32 * 4000.0 * 576 * 2, rows.Single(row => row.Operator == StepOperator.DecodeScores).Bytes);
        Assert.Equal(32 * 4000 * 2.0 * 32 * 512, rows.Single(row => row.Operator == StepOperator.DecodeValues).Flops);
    }
}
