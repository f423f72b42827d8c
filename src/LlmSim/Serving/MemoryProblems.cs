using LlmSim.Costs;
using LlmSim.Serving.Sglang;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Serving;

/// <summary>Says what does not fit in the GPU's memory, and which single change would make it fit.</summary>
internal static class MemoryProblems
{
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
            long most = (long)memory.UsableBlocks * limits.BlockSize;
            string shorter = most >= 2 ? $"Set --max-model-len {most} or less. " : "";
            problems.Add(new ConfigProblem("scheduler.max_model_len", $"{limits.MaxModelLen}",
                $"at most {most}: one sequence must fit the KV pool, {memory.UsableBlocks} usable blocks of "
                + $"{limits.BlockSize} tokens in {GiB(memory.KvPoolBytes)}", shorter + FitAdvisor.Advise(config)));
        }
    }

    /// <summary>Whether a scenario fits as a whole.</summary>
    public static bool Fits(SimulatorConfig config)
    {
        var memory = Deployment.PlanMemory(config);
        return config.Engine is SglangEngine
            ? SglangDeployment.Fits(config, memory)
            : HoldsFixedPart(config, memory) && HoldsLongestSequence(EngineDefaults.Resolve(config), memory);
    }

    /// <summary>Bytes in GiB, for people.</summary>
    public static string GiB(long bytes) => $"{bytes / (double)(1L << 30):0.0} GiB";

    // Blocks asked for by number may use what utilisation leaves free, as in vLLM, but no more than there is.
    private static bool HoldsFixedPart(SimulatorConfig config, MemoryPlan memory) =>
        config.Scheduler.NumGpuBlocksOverride is null
            ? memory.FixedBytes <= memory.BudgetBytes
            : memory.FixedBytes + memory.KvPoolBytes <= memory.TotalBytes;

    private static bool HoldsLongestSequence(EngineLimits limits, MemoryPlan memory) =>
        ModelFigures.CeilDiv(limits.MaxModelLen, limits.BlockSize) <= memory.UsableBlocks;

    private static string Available(SimulatorConfig config, MemoryPlan memory) =>
        config.Scheduler.NumGpuBlocksOverride is null
            ? $"at most {GiB(memory.BudgetBytes)}, {SchedulerDefaults.Resolve(config).GpuMemoryUtilization} of {GiB(memory.TotalBytes)}"
            : $"at most {GiB(memory.TotalBytes)}, {memory.Blocks} blocks of {GiB(memory.KvPoolBytes)} included";
}
