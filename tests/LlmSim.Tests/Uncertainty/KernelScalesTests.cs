using LlmSim.Calibration;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Tests.Costs;

namespace LlmSim.Tests.Uncertainty;

/// <summary>Factors on families of kernels, with datasheet rates and with a profile.</summary>
public sealed class KernelScalesTests
{
    private static readonly KernelScales Scales = new()
    {
        Gemm = 1.1,
        PrefillAttention = 1.2,
        DecodeAttention = 1.3,
        Experts = 1.4,
        Communication = 1.5,
        MemoryPasses = 1.6,
        Sampler = 1.7,
    };

    [Theory]
    [InlineData("mixtral-8x7b", true)]
    [InlineData("mixtral-8x7b", false)]
    [InlineData("gpt-oss-20b", true)] // Layers with windows.
    [InlineData("gpt-oss-20b", false)]
    public void Every_operator_takes_its_familys_factor(string model, bool calibrated)
    {
        (TransformerCostModel plain, TransformerCostModel scaled) = (Cost(model, calibrated, null), Cost(model, calibrated, Scales));
        (StepWork before, StepWork after) = (plain.WorkOf(Batch(plain)), scaled.WorkOf(Batch(scaled)));
        foreach (StepOperator op in Enum.GetValues<StepOperator>().Where(op => before[op].Total > 0))
        {
            Assert.Equal(Scales.Of(op), (double)after[op].Total / (double)before[op].Total, 5);
            Assert.Equal((before[op].Flops, before[op].Bytes, before[op].Kernels), (after[op].Flops, after[op].Bytes, after[op].Kernels));
        }

        Assert.Equal((long)after.Quanta, scaled.StepQuanta(Batch(scaled)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Runs_of_decode_steps_cost_what_their_steps_cost(bool calibrated)
    {
        TransformerCostModel cost = Cost("gpt-oss-20b", calibrated, Scales);
        DecodeRunCost run = cost.DecodeRun(30, 40_000);
        for (int step = 0; step < Math.Min(run.ValidSteps, 20); step++)
        {
            BatchShape shape = cost.NewBatch();
            shape.AddDecode(30, 40_000 + (30 * step));
            Assert.Equal(cost.StepQuanta(shape), run.First + (step * run.Growth));
        }
    }

    [Fact]
    public void None_changes_nothing() => Assert.Equal(
        Cost("mixtral-8x7b", true, null).StepQuanta(Batch(Cost("mixtral-8x7b", true, null))),
        Cost("mixtral-8x7b", true, KernelScales.None).StepQuanta(Batch(Cost("mixtral-8x7b", true, null))));

    [Fact]
    public void Shared_times_are_the_same_times()
    {
        var shared = new FamilyTimes(4096);
        foreach (KernelScales? scales in new[] { null, Scales, Scales with { Gemm = 0.9 }, Scales })
        {
            TransformerCostModel alone = Cost("mixtral-8x7b", true, scales), one = Cost("mixtral-8x7b", true, scales, shared);
            Assert.InRange(one.StepQuanta(Batch(one)) - alone.StepQuanta(Batch(alone)), -20, 20); // Rounded a family at a time, not an operator.
        }
    }

    private static BatchShape Batch(TransformerCostModel cost)
    {
        BatchShape shape = cost.NewBatch();
        shape.AddPrefill(300, 500, endsPrompt: true);
        shape.AddDecode(20, 30_000);
        return shape;
    }

    private static TransformerCostModel Cost(string model, bool calibrated, KernelScales? scales, FamilyTimes? shared = null)
    {
        GpuSpec gpu = GpuCatalog.Get("h100");
        return new(ModelCatalog.Get(model), new ClusterSpec { Gpu = gpu, GpuCount = 2 }, 2, TestScenarios.NoHost, true, 4096,
            profile: calibrated ? KernelProfiles.For(gpu) : null, scales: scales)
        {
            SharedTimes = shared,
        };
    }
}
