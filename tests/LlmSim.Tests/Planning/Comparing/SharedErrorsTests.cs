using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Planning.Comparing;
using LlmSim.Specs;
using LlmSim.Specs.Engines;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Planning.Comparing;

/// <summary>Which errors cancel in a difference.</summary>
public sealed class SharedErrorsTests
{
    private static readonly SimulatorConfig Two = Pairs.Base with { Parallelism = new ParallelismSpec { TensorParallel = 2 } };
    private static readonly SimulatorConfig Other = Pairs.Base with { Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("a100-80gb-sxm") } };
    private static readonly SimulatorConfig Engine = Pairs.Base with { Engine = SglangEngine.Newest };

    [Fact]
    public void The_same_kernels_are_wrong_in_the_same_way()
    {
        IReadOnlyList<IReadOnlyList<ErrorFactor>> errors = Of(Pairs.Base, Pairs.Base with { Seed = 3 });
        IReadOnlyList<ErrorFactor> own = ModelErrors.Of(Pairs.Base, ServingResidual.Default);
        Assert.All(errors, list => Assert.Equal(own.Select(error => (error.Name, error.Deviation)), list.Select(error => (error.Name, error.Deviation))));
    }

    [Fact]
    public void Kernels_of_other_GPUs_are_wrong_in_ways_of_their_own() =>
        Assert.All(Names(), name => Assert.Equal(0, Correlation(Of(Pairs.Base, Other), 0, 1, name), 9));

    [Theory]
    [InlineData(nameof(KernelFamily.Gemm), SharedErrors.OtherShapes)]
    [InlineData(nameof(KernelFamily.DecodeAttention), SharedErrors.OtherShapes)]
    [InlineData(nameof(KernelFamily.Sampler), 1)]
    [InlineData(nameof(KernelFamily.MemoryPasses), 1)]
    public void Other_shapes_on_one_GPU_share_part_of_it(string family, double correlation) =>
        Assert.Equal(correlation, Correlation(Of(Pairs.Base, Two), 0, 1, ModelErrors.Name(Enum.Parse<KernelFamily>(family))), 9);

    [Fact]
    public void Hosts_of_one_engine_are_the_same()
    {
        Assert.Equal(1, Correlation(Of(Pairs.Base, Two), 0, 1, ModelErrors.HostName), 9);
        Assert.Equal(0, Correlation(Of(Pairs.Base, Engine), 0, 1, ModelErrors.HostName), 9);
    }

    [Fact]
    public void Each_scenario_keeps_the_size_of_its_errors()
    {
        SimulatorConfig[] all = [Two, Pairs.Base, Other, Engine, Pairs.Base];
        IReadOnlyList<IReadOnlyList<ErrorFactor>> errors = Of(all);
        Assert.Single(errors.Select(list => list.Count).Distinct());
        for (int i = 0; i < all.Length; i++)
        {
            foreach (ErrorFactor own in ModelErrors.Of(all[i], ServingResidual.Default))
            {
                Assert.Equal(own.Deviation, Math.Sqrt(Product(errors, i, i, own.Name)), 9);
            }
        }

        Assert.Equal(1, Correlation(errors, 1, 4, ModelErrors.Name(KernelFamily.Gemm)), 9);
        Assert.Equal(SharedErrors.OtherShapes, Correlation(errors, 0, 4, ModelErrors.Name(KernelFamily.Gemm)), 9);
    }

    private static IReadOnlyList<IReadOnlyList<ErrorFactor>> Of(params SimulatorConfig[] configs) => SharedErrors.Of(configs, ServingResidual.Default);

    private static IEnumerable<string> Names() => ModelErrors.Of(Pairs.Base, ServingResidual.Default).Select(error => error.Name);

    private static double Correlation(IReadOnlyList<IReadOnlyList<ErrorFactor>> errors, int i, int j, string name) =>
        Product(errors, i, j, name) / Math.Sqrt(Product(errors, i, i, name) * Product(errors, j, j, name));

    private static double Product(IReadOnlyList<IReadOnlyList<ErrorFactor>> errors, int i, int j, string name) =>
        errors[i].Zip(errors[j]).Where(pair => pair.First.Name == name).Sum(pair => pair.First.Deviation * pair.Second.Deviation);
}
