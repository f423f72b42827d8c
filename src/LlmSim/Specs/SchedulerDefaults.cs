namespace LlmSim.Specs;

/// <summary>The engine's knobs with vLLM's defaults filled in (<c>vllm/engine/arg_utils.py</c> of the release).</summary>
/// <param name="MaxNumSeqs">Most sequences running at once.</param>
/// <param name="MaxNumBatchedTokens">Most tokens in one step.</param>
/// <param name="MaxModelLen">Longest sequence in tokens.</param>
internal sealed record SchedulerDefaults(int MaxNumSeqs, int MaxNumBatchedTokens, int MaxModelLen)
{
    /// <summary>Whether a prompt may be split over several steps.</summary>
    public required bool EnableChunkedPrefill { get; init; }

    /// <summary>Whether KV blocks keep their content.</summary>
    public required bool EnablePrefixCaching { get; init; }

    /// <summary>Whether two steps are in flight.</summary>
    public required bool AsyncScheduling { get; init; }

    /// <summary>Whether a waiting request needs free blocks for all its known tokens.</summary>
    public required bool ReserveFullIsl { get; init; }

    /// <summary>What happens to a waiting prompt longer than the budget left, without chunked prefill.</summary>
    public required UnchunkedAdmission UnchunkedAdmission { get; init; }

    private const long LargeMemoryBytes = 70L << 30;

    /// <summary>What is given in a scenario, and the defaults for the rest, which depend on GPU and model.</summary>
    public static SchedulerDefaults Resolve(SimulatorConfig config)
    {
        SchedulerSpec given = config.Scheduler;
        GpuSpec gpu = config.Cluster.Gpu;
        EngineVersion engine = config.Engine;
        bool isA100 = gpu.Name.Contains("a100", StringComparison.OrdinalIgnoreCase);
        bool large = gpu.MemoryBytes >= LargeMemoryBytes && (!isA100 || engine.HasLargeBudgetOnA100);
        bool chunked = given.EnableChunkedPrefill || !engine.HeedsChunkedPrefill;
        int maxModelLen = given.MaxModelLen ?? config.Model.MaxSequenceLength;
        int maxNumSeqs = given.MaxNumSeqs ?? (large ? 1024 : 256);
        int tokens = given.MaxNumBatchedTokens ?? DefaultTokens(large ? 8192 : 2048, maxNumSeqs, maxModelLen, chunked);
        return new SchedulerDefaults(given.MaxNumSeqs ?? Math.Min(maxNumSeqs, tokens), tokens, maxModelLen)
        {
            EnableChunkedPrefill = chunked,
            EnablePrefixCaching = given.EnablePrefixCaching
                ?? given is { Batching: Batching.Continuous, Preemption: PreemptionMode.Recompute },
            AsyncScheduling = given.AsyncScheduling ?? engine.IsAsyncByDefault,
            ReserveFullIsl = given.ReserveFullIsl ?? engine.HasAdmissionGate,
            UnchunkedAdmission = given.UnchunkedAdmission ?? engine.UnchunkedAdmission,
        };
    }

    /// <summary>Whole prompts must fit when they are not split; more than every sequence at full length is never needed.</summary>
    private static int DefaultTokens(int tokens, int maxNumSeqs, int maxModelLen, bool chunked)
    {
        int enough = chunked ? tokens : Math.Max(tokens, maxModelLen);
        return (int)Math.Min(enough, (long)maxNumSeqs * maxModelLen);
    }
}
