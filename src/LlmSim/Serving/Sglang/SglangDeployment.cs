using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Serving.Sglang;

/// <summary>Fills in what a scenario leaves to SGLang, as its <c>server_args.py</c> and <c>model_runner.py</c> do.</summary>
internal static class SglangDeployment
{
    // Sequences of full length for which the pool is taken to have room, in the default of max_running_requests.
    private const double SequencesPerPool = 512;

    /// <summary>A request must have room for its prompt, its limit and a few tokens more.</summary>
    public const int LeastTokens = 16;

    /// <summary>What the scheduler is bound by; null for another engine.</summary>
    public static SglangLimits? Limits(SimulatorConfig config) => config.Engine is not SglangEngine release ? null : new SglangLimits
    {
        ChunkedPrefillSize = Chunk(config),
        MaxPrefillTokens = config.Scheduler.Sglang.MaxPrefillTokens,
        Policy = config.Scheduler.Sglang.SchedulePolicy,
        ScheduleConservativeness = config.Scheduler.Sglang.ScheduleConservativeness,
        EnableMixedChunk = config.Scheduler.Sglang.EnableMixedChunk,
        IgnoreEos = true, // Every output ends at its limit, as load generators ask for.
        EnablePriorityScheduling = config.Scheduler.Sglang.EnablePriorityScheduling,
        PriorityPreemptionThreshold = config.Scheduler.Sglang.PriorityPreemptionThreshold,
        LowPriorityValuesFirst = config.Scheduler.Sglang.LowPriorityValuesFirst,
        Priorities = [.. config.Workload.Classes.Select(c => c.Priority)],
        CachesOutput = release.IsBefore056,
        HasOldPreemption = release.IsBefore056,
    };

    /// <summary>The bounds that depend on how much KV memory there is.</summary>
    public static EngineLimits Settle(EngineLimits limits, SimulatorConfig config)
    {
        if (limits.Sglang is null)
        {
            return limits;
        }

        // Without a radix cache admission keeps room for whole pages, which a request of nearly all memory would wait for in vain.
        long pool = (long)limits.UsableBlocks * limits.BlockSize;
        long usable = Math.Max(2, limits.EnablePrefixCaching ? pool : pool - limits.BlockSize + 1);
        int context = limits.MaxModelLen;
        int seats = (int)Math.Clamp(pool / (double)context * SequencesPerPool, SglangEngine.LeastSeats, SglangEngine.MostSeats);
        seats = config.Scheduler.MaxNumSeqs ?? (int)Math.Clamp(seats, 1, Math.Max(1, pool / 2));
        int longest = Math.Max(2, SglangLimits.LongestSequence(context, (int)Math.Min(usable, int.MaxValue)));
        return limits with
        {
            MaxNumSeqs = seats,
            MaxModelLen = longest,
            MaxNumBatchedTokens = limits.Sglang.MostTokens(seats, longest),
            EnableChunkedPrefill = limits.Sglang.ChunkedPrefillSize > 0,
        };
    }

    /// <summary>
    /// How GPU memory is divided: <c>mem_fraction_static</c> of what the runtime leaves is for weights and KV cache; activations and CUDA
    /// graphs have the rest.
    /// </summary>
    public static MemoryPlan Plan(IReadOnlyList<ModelStage> stages, SimulatorConfig config, MemoryPlan plan)
    {
        int page = config.Scheduler.BlockSize ?? config.Engine.BlockSize;
        long budget = (long)(MemFraction(config) * (plan.TotalBytes - plan.ReserveBytes)) + plan.ReserveBytes;
        long weights = stages.Max(stage => stage.WeightBytesPerGpu(config.Parallelism.TensorParallel));
        long blocks = Math.Max(0, budget - plan.ReserveBytes - weights) / Math.Max(1, plan.BlockBytes);
        blocks = Math.Min(blocks, (config.Scheduler.Sglang.MaxTotalTokens ?? int.MaxValue) / page);
        return plan with
        {
            BudgetBytes = budget,
            WeightBytes = weights,
            ActivationBytes = 0,
            Blocks = (int)Math.Min(blocks, int.MaxValue / page),
            UnusableBlocks = 0,
        };
    }

    /// <summary>Adds what SGLang refuses to start with.</summary>
    public static void AddProblems(SimulatorConfig config, MemoryPlan memory, List<ConfigProblem> problems)
    {
        if (Fits(config, memory))
        {
            return;
        }

        double room = memory.WeightBytes + (LeastTokens * (double)memory.BlockBytes);
        double needed = Math.Ceiling(room / Math.Max(1, memory.TotalBytes - memory.ReserveBytes) * 1000) / 1000;
        bool isShort = config.Scheduler.Sglang.MaxTotalTokens < LeastTokens;
        problems.Add(isShort
            ? new ConfigProblem("scheduler.max_total_tokens", $"{config.Scheduler.Sglang.MaxTotalTokens}",
                $"at least {LeastTokens}, and a page", "Leave it out for what fits the memory.")
            : new ConfigProblem("scheduler.mem_fraction_static", $"{MemFraction(config)}",
                $"not enough memory: weights take {MemoryProblems.GiB(memory.WeightBytes)} of {MemoryProblems.GiB(memory.TotalBytes)} a GPU, "
                + "and something must be left for the KV cache",
                (needed < 1 ? $"Try to increase --mem-fraction-static to {needed} or more. " : "") + FitAdvisor.Advise(config)));
    }

    /// <summary>Whether there is room for the shortest of requests.</summary>
    public static bool Fits(SimulatorConfig config, MemoryPlan memory) =>
        (long)memory.UsableBlocks * (config.Scheduler.BlockSize ?? config.Engine.BlockSize) >= LeastTokens;

    private static int Chunk(SimulatorConfig config) =>
        Math.Max(0, config.Scheduler.Sglang.ChunkedPrefillSize ?? SglangEngine.ChunkOn(config.Cluster.Gpu));

    private static double MemFraction(SimulatorConfig config)
    {
        int chunk = Chunk(config);
        return config.Scheduler.Sglang.MemFractionStatic ?? SglangEngine.MemFractionOn(
            config.Cluster.Gpu, config.Parallelism.Gpus, chunk > 0 ? chunk : config.Scheduler.Sglang.MaxPrefillTokens,
            config.Parallelism.TensorParallel);
    }
}
