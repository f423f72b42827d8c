using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Tests.Costs;

namespace LlmSim.Tests.Serving;

/// <summary>Preemption by swapping to host memory.</summary>
public sealed class SwapTests
{
    private static readonly SimulatorConfig Short = new()
    {
        Model = ModelCatalog.Get("llama-2-7b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("a100") },
        Scheduler = new SchedulerSpec { NumGpuBlocksOverride = 300, Preemption = PreemptionMode.Swap },
        Workload = new WorkloadSpec { RequestRatePerSecond = 30, NumRequests = 60, OutputLength = LengthSpec.Fixed(400) },
    };

    // A step takes 100 ns, 1 ns a token and 30 ns a block moved. A and B prefill 5 tokens each until 110 and fill two of the four
    // blocks each; decode steps of 102 ns end at 212, 314 and 416. Then both have 8 tokens computed and A needs a third block: B
    // is thrown out, with two blocks. It comes back when A has emitted its 8th token, and needs three blocks for 9 tokens.
    // Swapped: A's step of 416 takes 101 + 60 ns and its last token comes at 577 + 3·101 = 880; B's step takes 161, the next 101.
    // Recomputed: A's last token comes at 416 + 4·101 = 820; B computes 9 tokens in 109 ns. In the asynchronous loop B loses its
    // blocks while its 4th token is in flight, and all times are the same: there is no other work in the call that A's end takes more.
    [Theory]
    [InlineData(1, 2, new long[] { 1041, 1142 })]
    [InlineData(2, 2, new long[] { 1041, 1142 })]
    [InlineData(1, 1, new long[] { 929, 1030 })] // room for one block only
    [InlineData(2, 0, new long[] { 929, 1030 })]
    public void A_request_goes_to_host_memory_and_back(int depth, int swapBlocks, long[] lastTwo)
    {
        var limits = new EngineLimits
        {
            MaxNumSeqs = 2,
            MaxNumBatchedTokens = 10,
            MaxModelLen = 16,
            UsableBlocks = 4,
            BlockSize = 4,
            IsAsynchronous = depth == 2,
            SwapBlocks = swapBlocks,
        };
        var scenario = new EngineScenario(limits, 100 << 20, 1 << 20, 0, 0, 0, 0, [new(default, 5, 8), new(default, 5, 6)])
        {
            Swap = 30 << 20,
        };
        foreach (bool stepByStep in new[] { false, true })
        {
            var story = new StoryObserver();
            ExactMeter meter = scenario.Run(stepByStep, story);
            Assert.Equal([110, 212, 314, 416, .. lastTwo], story.Tokens.Where(t => t.RequestId == 1).Select(t => t.Time.Nanoseconds));
            int swaps = swapBlocks == 2 ? 1 : 0;
            Assert.Equal((1, swaps), (meter.Preemptions, meter.Swaps));
            Assert.Equal(4 * swaps, meter.Tally.SwappedBlocks);
        }
    }

    [Fact]
    public void Moving_a_block_takes_its_bytes_over_the_host_link_at_eighty_per_cent()
    {
        var cost = new TransformerCostModel(Short.Model, new ClusterSpec { Gpu = TestScenarios.RoundGpu }, 1,
            TestScenarios.NoHost, asynchronous: true, maxTokens: 8, blockBytes: 8 << 20);
        BatchShape shape = TestScenarios.Decode(4, 100);
        long before = cost.StepQuanta(shape);
        shape.SwappedBlocks = 10;
        double seconds = (cost.StepQuanta(shape) - before) / (1e9 * EngineClock.QuantaPerNanosecond);
        Assert.Equal(10 * (8 << 20) / (0.8 * 32e9), seconds, 1e-9);
        OperatorCost row = Assert.Single(CostRows.Of(cost.WorkOf(shape)), row => row.Operator == StepOperator.KvSwap);
        Assert.Equal((seconds, CostClass.Communication), (row.Seconds, row.BoundBy));
    }

    [Theory]
    [InlineData(null, 512)] // 4 GiB of blocks of 8 MiB
    [InlineData(0.5, 64)]
    [InlineData(0.0, 0)]
    public void Swap_space_counts_in_blocks_of_one_GPU(double? gib, int blocks)
    {
        SimulatorConfig config = Short with { Scheduler = Short.Scheduler with { SwapSpaceGib = gib } };
        Assert.Equal(blocks, Deployment.Resolve(config).Limits.SwapBlocks);
        Assert.Equal(0, Deployment.Resolve(Short with { Scheduler = new SchedulerSpec() }).Limits.SwapBlocks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_run_that_swaps_accounts_for_all_its_time_and_both_engines_agree(int stages)
    {
        SimulatorConfig config = Short with { Parallelism = new ParallelismSpec { PipelineParallel = stages } };
        SimulationStatistics s = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        SimulationStatistics plain = new LlmInferenceSimulator(config with { StepByStep = true }).Run().ComputeStatistics();
        Assert.Equal((plain.Duration, plain.Swaps, plain.Preemptions), (s.Duration, s.Swaps, s.Preemptions));
        Assert.Equal(plain.Breakdown!.Operators, s.Breakdown!.Operators);

        CostBreakdown breakdown = s.Breakdown;
        Assert.InRange(s.Swaps, 1, s.Preemptions);
        Assert.Contains(breakdown.Operators, row => row.Operator == StepOperator.KvSwap);
        Assert.True(breakdown.HostSeconds >= 0);
        Assert.Equal(breakdown.TotalSeconds, breakdown.HostSeconds + breakdown.Operators.Sum(row => row.Seconds), 1e-9);
        Assert.Contains(s.Warnings, warning => warning.Contains("swapped to host memory and back", StringComparison.Ordinal));
    }
}
