using LlmSim.Specs.Engines;

namespace LlmSim.Specs;

/// <summary>The engine's knobs with the engine's defaults filled in.</summary>
/// <param name="MaxNumSeqs">Most sequences running at once.</param>
/// <param name="MaxNumBatchedTokens">Most tokens in one step.</param>
/// <param name="MaxModelLen">Longest sequence in tokens.</param>
internal sealed record SchedulerDefaults(int MaxNumSeqs, int MaxNumBatchedTokens, int MaxModelLen)
{
    /// <summary>When requests join a batch.</summary>
    public required Batching Batching { get; init; }

    /// <summary>Tokens of a KV block.</summary>
    public required int BlockSize { get; init; }

    /// <summary>Share of the GPU's memory that the engine uses.</summary>
    public required double GpuMemoryUtilization { get; init; }

    /// <summary>Share of the free memory that becomes KV blocks; null to go by <see cref="GpuMemoryUtilization"/>.</summary>
    public required double? FreeMemoryFraction { get; init; }

    /// <summary>Longest prompt that is accepted, in tokens.</summary>
    public int LongestPrompt => EnableChunkedPrefill ? MaxModelLen - 1 : Math.Min(MaxModelLen - 1, MaxNumBatchedTokens);

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

    /// <summary>What is given in a scenario, and the engine's defaults for the rest, which may depend on GPU and model.</summary>
    public static SchedulerDefaults Resolve(SimulatorConfig config)
    {
        SchedulerSpec given = config.Scheduler;
        GpuSpec gpu = config.Cluster.Gpu;
        EngineSpec engine = config.Engine;
        Batching batching = given.Batching ?? engine.Batching;
        bool chunked = engine.SplitsPrompts(given.EnableChunkedPrefill);
        int maxModelLen = given.MaxModelLen ?? config.Model.MaxSequenceLength;
        int maxNumSeqs = given.MaxNumSeqs ?? engine.SeatsOn(gpu);
        int tokens = given.MaxNumBatchedTokens ?? engine.TokensOn(gpu, maxNumSeqs, maxModelLen, chunked);
        return new SchedulerDefaults(given.MaxNumSeqs ?? Math.Min(maxNumSeqs, tokens), tokens, maxModelLen)
        {
            Batching = batching,
            BlockSize = given.BlockSize ?? engine.BlockSize,
            GpuMemoryUtilization = given.GpuMemoryUtilization ?? engine.GpuMemoryUtilization,
            FreeMemoryFraction = engine.FreeMemoryFraction is { } share ? given.FreeGpuMemoryFraction ?? share : null,
            EnableChunkedPrefill = chunked,
            EnablePrefixCaching = given.EnablePrefixCaching
                ?? (engine.HasPrefixCaching && batching == Batching.Continuous && given.Preemption == PreemptionMode.Recompute),
            AsyncScheduling = given.AsyncScheduling ?? engine.IsAsyncByDefault,
            ReserveFullIsl = given.ReserveFullIsl ?? engine.HasAdmissionGate,
            UnchunkedAdmission = given.UnchunkedAdmission ?? engine.UnchunkedAdmission,
        };
    }
}
