using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>
/// Fills in what a scheduler description leaves to vLLM (v0.19, <c>vllm/engine/arg_utils.py</c>,
/// <c>get_batch_defaults</c>).
/// </summary>
internal static class EngineDefaults
{
    private const long LargeGpuBytes = 70L << 30;

    /// <summary>The limits of a scenario's engine, all but the number of KV blocks, which is left at 0.</summary>
    public static EngineLimits Resolve(SimulatorConfig config)
    {
        var spec = config.Scheduler;
        var gpu = config.Cluster.Gpu;
        bool large = gpu.MemoryBytes >= LargeGpuBytes && !gpu.Name.Contains("a100", StringComparison.OrdinalIgnoreCase);
        int maxModelLen = spec.MaxModelLen ?? config.Model.MaxSequenceLength;
        int maxNumSeqs = spec.MaxNumSeqs ?? (large ? 1024 : 256);
        int maxTokens = spec.MaxNumBatchedTokens ?? DefaultTokens(spec, large, maxModelLen, maxNumSeqs);
        return new EngineLimits
        {
            MaxNumSeqs = spec.MaxNumSeqs ?? Math.Min(maxNumSeqs, maxTokens),
            MaxNumBatchedTokens = maxTokens,
            MaxModelLen = maxModelLen,
            UsableBlocks = 0,
            BlockSize = spec.BlockSize,
            AttentionWindow = config.Model.AttentionWindow(),
            EnableChunkedPrefill = spec.EnableChunkedPrefill,
            LongPrefillTokenThreshold = spec.LongPrefillTokenThreshold,
            ReserveFullIsl = spec.ReserveFullIsl,
            UnchunkedAdmission = spec.UnchunkedAdmission,
            StepsInFlight = spec.AsyncScheduling ? 2 : 1,
        };
    }

    // Without chunked prefill the longest prompt must fit one step; no step exceeds all sequences at full length.
    private static int DefaultTokens(SchedulerSpec spec, bool large, int maxModelLen, int maxNumSeqs)
    {
        int usual = large ? 8192 : 2048;
        int tokens = spec.EnableChunkedPrefill ? usual : Math.Max(maxModelLen, usual);
        return (int)Math.Min((long)maxNumSeqs * maxModelLen, tokens);
    }
}
