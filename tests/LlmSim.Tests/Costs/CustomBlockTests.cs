using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Tests.Docs;

namespace LlmSim.Tests.Costs;

/// <summary>A block of one's own is one small class: here attention whose keys are its values as well.</summary>
public sealed class CustomBlockTests
{
    private static readonly ModelSpec Model = ModelCatalog.Get("llama-2-7b") with
    {
        Name = "shared-7b",
        LayerGroups =
        [
            new LayerGroup
            {
                Name = "shared",
                Count = 32,
                Blocks = [new SharedKeyAttention(Heads: 32, KvHeads: 8, HeadSize: 128), new FeedForward { Width = 11008 }],
            },
        ],
    };

    [Fact]
    public void Cache_parameters_and_time_follow_from_its_kernels()
    {
        // 32 layers · 8 heads of 128 · 2 B, divided over GPUs.
        Assert.Equal(32 * 1024 * 2, Model.KvBytesPerToken());
        Assert.Equal(32 * 256 * 2, Model.KvBytesPerToken(4));
        long attention = 4096 * (4096 + 1024) + 4096L * 4096;
        Assert.Equal(32 * (attention + 3L * 4096 * 11008 + 2 * 4096) + 262_144_000 + 4096, Model.ParameterCount());
        var cost = new TransformerCostModel(Model, new ClusterSpec { Gpu = GpuCatalog.Get("h100") }, 1,
            TestScenarios.NoHost, true, 16);
        var rows = cost.Explain(TestScenarios.Decode(4, 1000)).Operators;
        Assert.Equal(32 * 4000.0 * 1024 * 2, rows.Single(row => row.Operator == StepOperator.DecodeScores).Bytes);
        Assert.Equal(32 * 4000 * 2.0 * 4096, rows.Single(row => row.Operator == StepOperator.DecodeValues).Flops);
    }
}
