namespace LlmSim.Specs;

/// <summary>The engine's knobs with vLLM's defaults filled in (v0.19, <c>vllm/engine/arg_utils.py</c>).</summary>
/// <param name="MaxNumSeqs">Most sequences running at once.</param>
/// <param name="MaxNumBatchedTokens">Most tokens in one step.</param>
/// <param name="MaxModelLen">Longest sequence in tokens.</param>
internal sealed record SchedulerDefaults(int MaxNumSeqs, int MaxNumBatchedTokens, int MaxModelLen)
{
    private const long LargeMemoryBytes = 70L << 30;

    /// <summary>What is given in a scenario, and the defaults for the rest, which depend on GPU and model.</summary>
    public static SchedulerDefaults Resolve(SimulatorConfig config)
    {
        SchedulerSpec given = config.Scheduler;
        GpuSpec gpu = config.Cluster.Gpu;
        bool large = gpu.MemoryBytes >= LargeMemoryBytes && !gpu.Name.Contains("a100", StringComparison.OrdinalIgnoreCase);
        int maxModelLen = given.MaxModelLen ?? config.Model.MaxSequenceLength;
        int maxNumSeqs = given.MaxNumSeqs ?? (large ? 1024 : 256);
        int tokens = given.MaxNumBatchedTokens ?? DefaultTokens(large ? 8192 : 2048, maxNumSeqs, maxModelLen, given.EnableChunkedPrefill);
        return new SchedulerDefaults(given.MaxNumSeqs ?? Math.Min(maxNumSeqs, tokens), tokens, maxModelLen);
    }

    /// <summary>Whole prompts must fit when they are not split; more than every sequence at full length is never needed.</summary>
    private static int DefaultTokens(int tokens, int maxNumSeqs, int maxModelLen, bool chunked)
    {
        int enough = chunked ? tokens : Math.Max(tokens, maxModelLen);
        return (int)Math.Min(enough, (long)maxNumSeqs * maxModelLen);
    }
}
