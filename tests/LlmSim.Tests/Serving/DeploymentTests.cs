using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Tests.Serving;

public sealed class DeploymentTests
{
    // Servers of vLLM on H100 SXM 80 GB with utilisation 0.9, 2,048 tokens, 128 sequences and blocks of 16.
    [Theory]
    [InlineData("llama-2-7b", 1, 7462)]
    [InlineData("llama-2-70b", 4, 31356)]
    public void Block_counts_of_real_servers(string model, int ranks, int measured)
    {
        var deployment = Deployment.Resolve(Scenario(model, "h100", ranks) with
        {
            Scheduler = new SchedulerSpec { MaxNumBatchedTokens = 2048, MaxNumSeqs = 128 },
        });
        Assert.InRange(deployment.Memory.Blocks / (double)measured, 0.998, 1.002);
        Assert.Equal(deployment.Memory.Blocks - 1, deployment.Limits.UsableBlocks);
    }

    [Fact]
    public void The_plan_by_hand()
    {
        var memory = Deployment.Resolve(Scenario("llama-2-7b", "a100")).Memory;
        Assert.Equal((long)Math.Ceiling(GpuCatalog.Get("a100").MemoryBytes * 0.9), memory.BudgetBytes);
        Assert.Equal(13_476_831_232, memory.WeightBytes);
        Assert.Equal(2048L * 22016 * 2 + 256L * 32000 * 4, memory.ActivationBytes); // 2·11008 is above 4·4096
        Assert.Equal(370L << 20, memory.ReserveBytes);
        Assert.Equal(16 * 524_288, memory.BlockBytes);
        Assert.Equal((memory.BudgetBytes - memory.FixedBytes) / memory.BlockBytes, memory.Blocks);
    }

    [Theory]
    [InlineData("a100", 256, 2048)]
    [InlineData("h100", 1024, 8192)]
    [InlineData("rtx-4090", 256, 2048)]
    public void Batch_limits_default_as_in_vLLM(string gpu, int sequences, int tokens)
    {
        var limits = Deployment.Resolve(Scenario("llama-2-7b", gpu) with
        {
            Scheduler = new SchedulerSpec { MaxModelLen = 2048 },
        }).Limits;
        Assert.Equal((sequences, tokens), (limits.MaxNumSeqs, limits.MaxNumBatchedTokens));
        Assert.Equal((2048, 2), (limits.MaxModelLen, limits.StepsInFlight));
    }

    [Fact]
    public void Token_budget_defaults_follow_length_and_sequences()
    {
        EngineLimits Limits(SchedulerSpec scheduler) =>
            EngineDefaults.Resolve(Scenario("llama-2-7b", "a100") with { Scheduler = scheduler });
        Assert.Equal(4096, Limits(new SchedulerSpec { EnableChunkedPrefill = false }).MaxNumBatchedTokens);
        Assert.Equal(600, Limits(new SchedulerSpec { MaxNumSeqs = 6, MaxModelLen = 100 }).MaxNumBatchedTokens);
        Assert.Equal(64, Limits(new SchedulerSpec { MaxNumBatchedTokens = 64 }).MaxNumSeqs);
        Assert.Equal(1, Limits(new SchedulerSpec { AsyncScheduling = false }).StepsInFlight);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused_with_what_would()
    {
        var problem = Problem(Scenario("llama-2-70b", "a100"));
        Assert.Equal("model", problem.Field);
        Assert.Contains("weights 128.5 GiB", problem.Value, StringComparison.Ordinal);
        Assert.Contains("--tp 2", problem.Fix, StringComparison.Ordinal);
        Assert.Contains("--dtype int8", problem.Fix, StringComparison.Ordinal);
        Assert.Contains("--gpu b200-180gb-sxm", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Advice_is_true()
    {
        var refused = Scenario("llama-2-13b", "rtx-4090");
        string fix = Problem(refused).Fix;
        Assert.Contains("--tp 2", fix, StringComparison.Ordinal);
        Assert.Contains("--gpu rtx-5090", fix, StringComparison.Ordinal);
        Deployment.Resolve(Scenario("llama-2-13b", "rtx-4090", 2));
        Deployment.Resolve(Scenario("llama-2-13b", "rtx-5090"));
    }

    [Fact]
    public void When_no_single_change_helps_two_are_offered()
    {
        // Made up: 4 heads of 2,048 elements, 98 billion parameters. At most 4 GPUs share a layer, 45.7 GiB each.
        var refused = Scenario("llama-2-70b", "rtx-4090") with
        {
            Model = ModelCatalog.Get("llama-2-70b") with
            {
                AttentionHeads = 4,
                KvHeads = 4,
                HeadSize = 2048,
                Layers = 100,
            },
        };
        Assert.Equal("It fits with --gpu a100-80gb-sxm --tp 4.", Problem(refused).Fix);
        Deployment.Resolve(refused with
        {
            Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("a100-80gb-sxm") },
            Parallelism = new ParallelismSpec { TensorParallel = 4 },
        });
    }

    [Fact]
    public void When_nothing_helps_it_says_so()
    {
        var refused = Scenario("llama-2-70b", "h100") with
        {
            Model = ModelCatalog.Get("llama-2-70b") with
            {
                AttentionHeads = 1,
                KvHeads = 1,
                HeadSize = 8192,
                WeightType = DataType.Fp32,
            },
        };
        Assert.StartsWith("No change", Problem(refused).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_does_not_fit_is_refused_with_the_one_that_does()
    {
        var refused = Scenario("llama-3.1-8b", "rtx-4090");
        var problem = Problem(refused);
        Assert.Equal("scheduler.max_model_len", problem.Field);
        Assert.Equal("131072", problem.Value);
        int most = Deployment.PlanMemory(refused).UsableBlocks * 16;
        Assert.Contains($"--max-model-len {most} or less", problem.Fix, StringComparison.Ordinal);
        Deployment.Resolve(refused with { Scheduler = new SchedulerSpec { MaxModelLen = most } });
        Problem(refused with { Scheduler = new SchedulerSpec { MaxModelLen = most + 1 } });
    }

    [Fact]
    public void A_number_of_blocks_replaces_the_plan_but_not_the_memory()
    {
        var config = Scenario("llama-2-7b", "a100");
        Deployment With(int blocks) =>
            Deployment.Resolve(config with { Scheduler = new SchedulerSpec { NumGpuBlocksOverride = blocks } });
        Assert.Equal(299, With(300).Limits.UsableBlocks);
        Assert.Throws<ConfigException>(() => With(256)); // 255 usable blocks of 16 hold 4,080 tokens, not 4,096
        Assert.Throws<ConfigException>(() => With(10_000)); // 78 GiB beside 12.6 GiB of weights
    }

    // Llama-2-7B: 512 KiB a token, 8 MiB a block; its 4,096 tokens fill 256 blocks.
    [Theory]
    [InlineData(255, "at most 4064: to serve at least one request with the model's max seq len (4096), 2.00 GiB KV cache is needed, which is "
        + "larger than the available KV cache memory (1.99 GiB, 255 blocks of 16 tokens)")]
    [InlineData(256, "at most 4080: 256 blocks of 16 tokens would hold one request of that length, but block 0 is never handed out; "
        + "the engine would start, and such a request wait for ever")]
    public void A_pool_too_small_for_the_longest_request_is_refused_in_vllms_words(int blocks, string words)
    {
        ConfigProblem problem = Problem(Scenario("llama-2-7b", "a100") with { Scheduler = new SchedulerSpec { NumGpuBlocksOverride = blocks } });
        Assert.Equal(("scheduler.max_model_len", words), (problem.Field, problem.Allowed));
        Assert.EndsWith("or less. Or set --num-gpu-blocks-override 257 or more.", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void TensorRT_takes_a_share_of_what_is_free_and_shortens_sequences_to_the_pool()
    {
        SimulatorConfig config = Scenario("llama-3.1-8b", "rtx-4090") with { Engine = new TensorRtEngine() };
        Deployment deployment = Deployment.Resolve(config);
        MemoryPlan memory = deployment.Memory;
        Assert.Equal((long)((memory.TotalBytes - memory.FixedBytes) * 0.9) / (32 * 131_072), memory.Blocks);
        Assert.Equal((memory.Blocks, memory.Blocks * 32, 32), (deployment.Limits.UsableBlocks, deployment.Limits.MaxModelLen, deployment.Limits.BlockSize));
        Assert.Equal((KvReservation.Completion, 2048, 8192, false, true),
            (deployment.Limits.Reservation, deployment.Limits.MaxNumSeqs, deployment.Limits.MaxNumBatchedTokens,
            deployment.Limits.EnableChunkedPrefill, deployment.Limits.IsAsynchronous));
        var half = new SchedulerSpec { FreeGpuMemoryFraction = 0.45 };
        Assert.InRange(Deployment.Resolve(config with { Scheduler = half }).Memory.Blocks, (memory.Blocks / 2) - 1, (memory.Blocks / 2) + 1);
    }

    [Theory]
    [InlineData(CapacityPolicy.GuaranteedNoEvict, KvReservation.Completion, false)]
    [InlineData(CapacityPolicy.MaxUtilization, KvReservation.Prompt, false)]
    [InlineData(CapacityPolicy.StaticBatch, KvReservation.Completion, true)]
    public void TensorRTs_capacity_policies_are_behaviours(CapacityPolicy policy, object reservation, bool fillsOnlyWhenEmpty)
    {
        EngineLimits limits = EngineDefaults.Resolve(Scenario("llama-2-7b", "a100") with
        {
            Engine = new TensorRtEngine(),
            Scheduler = new SchedulerSpec { CapacitySchedulerPolicy = policy },
        });
        Assert.Equal((reservation, fillsOnlyWhenEmpty), (limits.Reservation, limits.FillsOnlyWhenEmpty));
    }

    [Fact]
    public void Sarathi_leaves_one_block_in_a_hundred_free_and_refuses_what_could_never_be_admitted()
    {
        SimulatorConfig config = Scenario("llama-2-7b", "a100") with { Engine = new SarathiEngine() };
        Deployment deployment = Deployment.Resolve(config);
        Assert.Equal((int)(deployment.Memory.Blocks * 0.01), deployment.Limits.WatermarkBlocks);
        Assert.Equal((KvReservation.Prompt, 128, 512, false), (deployment.Limits.Reservation, deployment.Limits.MaxNumSeqs,
            deployment.Limits.MaxNumBatchedTokens, deployment.Limits.IsAsynchronous));

        // 258 blocks less 2 are the 256 of 4,096 tokens; of 257 one would be missing.
        Assert.Equal(2, Deployment.Resolve(config with { Scheduler = new SchedulerSpec { NumGpuBlocksOverride = 258 } }).Limits.WatermarkBlocks);
        ConfigProblem problem = Problem(config with { Scheduler = new SchedulerSpec { NumGpuBlocksOverride = 257 } });
        Assert.Equal("at most 4080: of 257 blocks of 16 tokens an admission must leave 2 free, so a prompt of that length would wait for ever",
            problem.Allowed);
    }

    [Fact]
    public void Orca_has_no_budget_but_the_pool_and_memory_for_the_activations_of_one_prompt()
    {
        Deployment deployment = Deployment.Resolve(Scenario("llama-2-7b", "a100") with { Engine = new OrcaEngine() });
        Assert.Equal((KvReservation.Completion, 128, false, false), (deployment.Limits.Reservation, deployment.Limits.MaxNumSeqs,
            deployment.Limits.EnableChunkedPrefill, deployment.Limits.IsAsynchronous));
        Assert.Equal(deployment.Memory.Blocks * 16, deployment.Limits.MaxNumBatchedTokens);
        Assert.Equal((4096L * 22016 * 2) + (128L * 32000 * 4), deployment.Memory.ActivationBytes);
    }

    [Fact]
    public void All_problems_come_together()
    {
        GpuSpec slow = GpuCatalog.Get("a100-40gb") with { Fp16FlopsPerSecond = 312 };
        var problems = Assert.Throws<ConfigException>(() => Deployment.Resolve(Scenario("llama-2-70b", "a100", 2) with
        {
            Cluster = new ClusterSpec { Gpu = slow },
        })).Problems;
        Assert.Equal(["model", "gpu"], problems.Select(problem => problem.Field));
    }

    [Fact]
    public void Rates_in_the_wrong_unit_are_refused()
    {
        var gpu = GpuCatalog.Get("a100");
        foreach (double rate in new[] { 312, 1e7, double.Epsilon })
        {
            var cluster = new ClusterSpec { Gpu = gpu with { Fp16FlopsPerSecond = rate } };
            Assert.Equal("gpu", Problem(Scenario("llama-2-7b", "a100") with { Cluster = cluster }).Field);
        }
    }

    private static SimulatorConfig Scenario(string model, string gpu, int ranks = 1) => new()
    {
        Model = ModelCatalog.Get(model),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get(gpu) },
        Parallelism = new ParallelismSpec { TensorParallel = ranks },
    };

    private static ConfigProblem Problem(SimulatorConfig config) =>
        Assert.Single(Assert.Throws<ConfigException>(() => Deployment.Resolve(config)).Problems);
}
