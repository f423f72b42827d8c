using CsCheck;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Tests.Costs;

public sealed class PipelineCostTests
{
    private static readonly ClusterSpec Cluster = new() { Gpu = GpuCatalog.Get("h100") };

    // As vLLM's get_pp_indices has it.
    [Theory]
    [InlineData("llama-2-7b", 4, new[] { 8, 8, 8, 8 })]
    [InlineData("llama-3.1-70b", 3, new[] { 27, 27, 26 })]
    [InlineData("llama-3.1-405b", 4, new[] { 31, 32, 32, 31 })]
    [InlineData("llama-2-7b", 5, new[] { 6, 6, 7, 7, 6 })]
    public void Layers_are_split_as_vllm_splits_them(string model, int stages, int[] expected) =>
        Assert.Equal(expected, Split(model, 1, stages).Select(stage => stage.Model.Layers));

    [Fact]
    public void Kinds_of_layers_are_mixed_in_each_stage_as_in_the_model()
    {
        ModelSpec model = ModelCatalog.Get("gemma-2-27b"); // 46 layers, half of them with a window
        foreach (ModelStage stage in Split(model.Name, 1, 4))
        {
            Assert.Equal(stage.Model.Layers, stage.Model.LayerGroups.Sum(group => group.Count));
            Assert.All(stage.Model.LayerGroups, group => Assert.InRange(group.Count, (stage.Model.Layers - 1) / 2, (stage.Model.Layers + 1) / 2));
        }
    }

    [Theory]
    [InlineData("llama-3.1-70b", 2, 4)]
    [InlineData("mixtral-8x7b", 1, 3)]
    [InlineData("gpt-oss-20b", 2, 2)]
    public void Stages_hold_what_the_model_holds(string name, int tensor, int stages)
    {
        ModelSpec model = ModelCatalog.Get(name);
        IReadOnlyList<ModelStage> parts = Split(name, tensor, stages);
        Assert.Equal((double)model.WeightBytesPerGpu(tensor), parts.Sum(part => part.WeightBytesPerGpu(tensor)), (double)stages); // rounded up in each
        Assert.Equal((double)model.KvBytesPerToken(tensor), parts.Sum(part => part.Model.KvBytesPerToken(tensor)), (double)stages);
    }

    [Fact]
    public void A_shared_embedding_is_held_by_the_first_and_the_last_stage()
    {
        ModelSpec model = ModelCatalog.Get("llama-3.2-1b");
        Assert.True(model.TiedEmbeddings);
        long table = (long)model.VocabularySize * model.HiddenSize * 2;
        Assert.Equal(model.WeightBytesPerGpu() + table, Split(model.Name, 1, 2).Sum(part => part.WeightBytesPerGpu()));
    }

    /// <summary>What stages cost in sum is what the whole model costs, and the sends between them.</summary>
    [Fact]
    public void Stages_cost_the_whole_and_the_sends() => TestScenarios.AnyBatch.Sample(batch =>
    {
        PipelineCostModel whole = Costs("llama-3.1-8b", 1), split = Costs("llama-3.1-8b", 4);
        double residual = batch.Tokens * 4096 * 2;
        double send = 3 * (4.5e-6 + (2 * residual / (KernelEfficiencies.Default.LinkBandwidth * 450e9)));
        Assert.Equal(whole.Explain(batch).GpuSeconds + send, split.Explain(batch).GpuSeconds, 1e-8); // whole quanta a key and stage
        Assert.Equal(split.StepQuanta(batch), Enumerable.Range(0, 4).Sum(stage => split.StageQuanta(stage, batch)));
    });

    [Fact]
    public void A_decode_run_through_the_stages_agrees_with_its_steps() => Gen.Select(Gen.Int[1, 100], Gen.Long[1, 3000]).Sample((sequences, context) =>
    {
        PipelineCostModel cost = Costs("gpt-oss-20b", 3);
        DecodeRunCost run = cost.DecodeRun(sequences, sequences * context);
        for (long step = 0; step < Math.Min(run.ValidSteps, 300); step += 7)
        {
            BatchShape shape = cost.NewBatch();
            shape.AddDecode(sequences, (sequences * context) + (step * sequences));
            Assert.Equal(cost.StepQuanta(shape), run.First + (run.Growth * step));
        }
    }, iter: 50);

    [Fact]
    public void Neighbours_in_a_node_and_across()
    {
        ClusterSpec cluster = Cluster with { GpusPerNode = 4 };
        Assert.Equal("nvlink4", cluster.LinkBetween(0, 3).Name);
        Assert.Equal("infiniband-ndr", cluster.LinkBetween(3, 4).Name);
        Assert.Equal("roce-100", (cluster with { NodeInterconnect = InterconnectCatalog.Roce100 }).LinkBetween(0, 4).Name);
        Assert.Equal(["nvlink4", "infiniband-ndr", "nvlink4", ""],
            ModelStage.Split(ModelCatalog.Get("llama-2-7b"), cluster, new() { TensorParallel = 2, PipelineParallel = 4 })
                .Select(stage => stage.LinkToNext?.Name ?? ""));
    }

    /// <summary>
    /// 16 GPUs in 4 nodes: four adapters of 50 GB/s a node carry 200 GB/s, less than NVLink's 450; the floor is NVLink's 4.5 µs and
    /// 2·log₂4 steps of 5 µs.
    /// </summary>
    [Fact]
    public void A_group_that_spans_nodes_pays_for_the_slow_link()
    {
        ClusterSpec cluster = Cluster with { GpusPerNode = 4 };
        InterconnectSpec link = cluster.CollectiveLink(16);
        Assert.Equal((200e9, 24.5e-6), (link.BytesPerSecond, Math.Round(link.LatencySeconds, 9)));
        Assert.Equal(Cluster.Gpu.Interconnect, cluster.CollectiveLink(4));
        Assert.True(AllReduce(cluster, 8) > 2 * AllReduce(Cluster, 8));

        static double AllReduce(ClusterSpec cluster, int ranks) =>
            new TransformerCostModel(ModelCatalog.Get("llama-3.1-70b"), cluster, ranks, TestScenarios.NoHost, true, 64)
                .Explain(TestScenarios.Decode(32, 100)).Operators.Single(cost => cost.Operator.Label() == "all-reduce").Seconds;
    }

    private static IReadOnlyList<ModelStage> Split(string model, int tensor, int stages) => ModelStage.Split(
        ModelCatalog.Get(model), Cluster, new ParallelismSpec { TensorParallel = tensor, PipelineParallel = stages });

    private static PipelineCostModel Costs(string model, int stages) => new([.. Split(model, 1, stages)
        .Select(stage => new TransformerCostModel(stage, Cluster, 1, TestScenarios.NoHost, true, 4096))]);
}
