using LlmSim.Costs;
using LlmSim.Serving.Sglang;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Serving;

/// <summary>Says what does not fit in the GPU's memory, and which single change would make it fit.</summary>
internal static class MemoryProblems
{
    private const double OneGiB = 1L << 30;

    /// <summary>Adds a problem for everything that does not fit.</summary>
    public static void Add(SimulatorConfig config, EngineLimits limits, MemoryPlan memory, List<ConfigProblem> problems)
    {
        if (limits.Sglang is not null)
        {
            SglangDeployment.AddProblems(config, memory, problems);
        }
        else if (!HoldsFixedPart(config, memory))
        {
            problems.Add(new ConfigProblem("model",
                $"{GiB(memory.FixedBytes)} a GPU for {config.Model.Name} on {config.Parallelism.Gpus} x "
                + $"{config.Cluster.Gpu.Name} (weights {GiB(memory.WeightBytes)}, "
                + $"activations {GiB(memory.ActivationBytes)}, runtime {GiB(memory.ReserveBytes)})",
                Available(config, memory), FitAdvisor.Advise(config)));
        }
        else if (!HoldsLongestSequence(limits, memory))
        {
            long most = Math.Max(0, (long)(memory.UsableBlocks - limits.WatermarkBlocks) * limits.BlockSize);
            string shorter = most >= 2 ? $"Set --max-model-len {most} or less. " : "";
            problems.Add(new ConfigProblem("scheduler.max_model_len", $"{limits.MaxModelLen}",
                $"at most {most}: {WhyTooLong(limits, memory)}", shorter + (config.Scheduler.NumGpuBlocksOverride is null
                    ? FitAdvisor.Advise(config)
                    : $"Or set --num-gpu-blocks-override {LongestBlocks(limits) + limits.WatermarkBlocks + memory.UnusableBlocks} or more.")));
        }
    }

    /// <summary>Whether a scenario fits as a whole.</summary>
    public static bool Fits(SimulatorConfig config)
    {
        var memory = Deployment.PlanMemory(config);
        return config.Engine is SglangEngine
            ? SglangDeployment.Fits(config, memory)
            : HoldsFixedPart(config, memory) && HoldsLongestSequence(EngineDefaults.Resolve(config, memory), memory);
    }

    /// <summary>Bytes in GiB, for people.</summary>
    public static string GiB(long bytes) => $"{bytes / OneGiB:0.0} GiB";

    // Blocks asked for by number may use what utilisation leaves free, as in vLLM, but no more than there is.
    private static bool HoldsFixedPart(SimulatorConfig config, MemoryPlan memory) =>
        config.Scheduler.NumGpuBlocksOverride is null
            ? memory.FixedBytes <= Math.Min(memory.BudgetBytes, memory.TotalBytes)
            : memory.FixedBytes + memory.KvPoolBytes <= memory.TotalBytes;

    private static bool HoldsLongestSequence(EngineLimits limits, MemoryPlan memory) =>
        limits.MaxModelLen >= 2 && LongestBlocks(limits) + limits.WatermarkBlocks <= memory.UsableBlocks;

    private static long LongestBlocks(EngineLimits limits) => ModelFigures.CeilDiv(limits.MaxModelLen, limits.BlockSize);

    // The first is what vLLM says (vllm/v1/core/kv_cache_utils.py); the second it does not notice.
    private static string WhyTooLong(EngineLimits limits, MemoryPlan memory)
    {
        long needed = LongestBlocks(limits);
        string blocks = $"{memory.Blocks} blocks of {limits.BlockSize} tokens";
        return needed > memory.Blocks
            ? $"to serve at least one request with the model's max seq len ({limits.MaxModelLen}), "
                + $"{needed * memory.BlockBytes / OneGiB:0.00} GiB KV cache is needed, which is larger than the available KV cache "
                + $"memory ({memory.KvPoolBytes / OneGiB:0.00} GiB, {blocks})"
            : memory.UsableBlocks < needed
                ? $"{blocks} would hold one request of that length, but block 0 is never handed out; the engine would start, and "
                    + "such a request wait for ever"
                : $"of {blocks} an admission must leave {limits.WatermarkBlocks} free, so a prompt of that length would wait for ever";
    }

    private static string Available(SimulatorConfig config, MemoryPlan memory) =>
        config.Scheduler.NumGpuBlocksOverride is null
            ? config.Engine.FreeMemoryFraction is not null ? $"at most {GiB(memory.TotalBytes)}"
            : $"at most {GiB(memory.BudgetBytes)}, {SchedulerDefaults.Resolve(config).GpuMemoryUtilization} of {GiB(memory.TotalBytes)}"
            : $"at most {GiB(memory.TotalBytes)}, {memory.Blocks} blocks of {GiB(memory.KvPoolBytes)} included";
}
