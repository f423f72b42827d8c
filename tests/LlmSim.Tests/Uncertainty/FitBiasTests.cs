using LlmSim.Calibration;
using LlmSim.Calibration.Fitting;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Uncertainty;

public sealed class FitBiasTests
{
    // Groups of means 0.1, 0.3 and -0.1, whatever scatters within them: mean 0.1, variance 0.04.
    private static readonly (string, double)[] Errors = [("a", 0.5), ("a", -0.3), ("b", 0.3), ("c", -0.1), ("c", -0.1), ("c", -0.1)];

    [Theory]
    [InlineData(1, 0.05)]
    [InlineData(4, 0.02)]
    public void Is_the_mean_and_the_scatter_of_groups_of_which_a_model_has_some(double groupsPerModel, double square) =>
        Assert.Equal(Math.Sqrt(square), FitBias.Of(Errors, groupsPerModel), 12);

    [Fact]
    public void Every_family_of_every_embedded_profile_has_one() => Assert.All(
        KernelProfiles.Gpus.SelectMany(gpu => KernelFamilies.Of(KernelProfiles.For(GpuCatalog.Get(gpu)))),
        family => Assert.InRange(family.Quality.Bias ?? -1, 0.005, 0.6));

    [Fact]
    public void Its_own_profile_another_ones_and_none_are_less_and_less_sure()
    {
        double[] deviations = [.. new[] { ("h100", "auto"), ("l4", "auto"), ("l4", SimulatorConfig.DatasheetProfile) }.Select(one => Gemm(one.Item1, one.Item2))];
        Assert.Equal(deviations.Order(), deviations);
        Assert.Equal(KernelProfiles.For(GpuCatalog.Get("h100"), LlmSim.Specs.Engines.EngineSpec.Default).Gemm[0].Quality!.Bias, deviations[0]);
        Assert.Equal([FamilyErrors.Scaled(KernelFamily.Gemm), FamilyErrors.Assumed(KernelFamily.Gemm)], deviations[1..]);
    }

    [Fact]
    public void Only_what_runs_can_be_wrong()
    {
        Assert.DoesNotContain("experts", Names("llama-3.1-8b", 1));
        Assert.DoesNotContain("communication", Names("mixtral-8x7b", 1));
        Assert.Contains("experts", Names("mixtral-8x7b", 2));
        Assert.Contains("communication", Names("mixtral-8x7b", 2));
    }

    private static string[] Names(string model, int ranks) => [.. ModelErrors.Of(DefaultScenario.Create() with
    {
        Model = ModelCatalog.Get(model),
        Parallelism = new ParallelismSpec { TensorParallel = ranks },
    }, ServingResidual.Default).Select(error => error.Name)];

    private static double Gemm(string gpu, string profile) => ModelErrors.Of(DefaultScenario.Create() with
    {
        Model = ModelCatalog.Get("llama-3.1-8b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get(gpu) },
        Profile = profile,
    }, ServingResidual.None)[0].Deviation;
}
