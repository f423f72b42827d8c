using LlmSim.Catalog;
using LlmSim.Planning.Comparing;
using LlmSim.Specs;

namespace LlmSim.Tests.Planning.Comparing;

/// <summary>What scenarios differ in.</summary>
public sealed class KeyDifferencesTests
{
    [Fact]
    public void Nested_keys_are_named_with_dots_and_values_as_files_have_them()
    {
        SimulatorConfig b = Pairs.Base with
        {
            Scheduler = Pairs.Base.Scheduler with { MaxNumSeqs = 64 },
            Workload = Pairs.Base.Workload with { RequestRatePerSecond = 3.5, OutputLength = LengthSpec.Fixed(128) },
        };
        Assert.Equal(["scheduler.max_num_seqs: default 64", "workload.request_rate: 15 3.5", "workload.output_len: uniform min=20 max=300 128"],
            KeyDifferences.Of([Pairs.Base, b]).Select(key => $"{key.Key}: {string.Join(' ', key.Values)}"));
    }

    [Fact]
    public void Models_and_GPUs_go_by_their_names()
    {
        SimulatorConfig b = Pairs.Base with { Model = ModelCatalog.Get("llama-3.1-70b"), Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("l4") } };
        Assert.Equal(["model: llama-3.1-8b llama-3.1-70b", "gpu: h100-80gb-sxm l4"],
            KeyDifferences.Of([Pairs.Base, b]).Select(key => $"{key.Key}: {string.Join(' ', key.Values)}"));
    }

    [Fact]
    public void A_GPU_that_is_described_differs_in_its_figures()
    {
        GpuSpec gpu = GpuCatalog.Get("l4");
        SimulatorConfig a = Pairs.Base with { Cluster = new ClusterSpec { Gpu = gpu } };
        SimulatorConfig b = a with { Cluster = new ClusterSpec { Gpu = gpu with { MemoryBytes = gpu.MemoryBytes / 2 } } };
        Assert.Equal("gpu.memory_bytes", Assert.Single(KeyDifferences.Of([a, b])).Key);
        Assert.Empty(KeyDifferences.Of([a, a with { }]));
    }

    [Fact]
    public void All_serve_requests_of_the_first_ones_seed()
    {
        IReadOnlyList<Contender> all = Contender.Of([("x/one.yaml", Pairs.Base with { Seed = 5 }), ("y/two.yaml", Pairs.Base with { Seed = 6 })]);
        Assert.Equal(["A one.yaml 5 5", "B two.yaml 5 6"], all.Select(one => $"{one.Letter} {one.Name} {one.Config.Seed} {one.OwnSeed}"));
        Assert.Equal("x/one.yaml", Contender.Of([("x/one.yaml", Pairs.Base), ("y/one.yaml", Pairs.Base)])[0].Name);
    }
}
