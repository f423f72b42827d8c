using LlmSim.Costs;
using LlmSim.Serving.Sglang;
using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>Fills in what a scheduler description leaves to the engine.</summary>
internal static class EngineDefaults
{
    private const decimal NanosecondsPerSecond = 1e9m;
    private const double GiB = 1L << 30;

    /// <summary>The limits of a scenario's engine with this memory.</summary>
    public static EngineLimits Resolve(SimulatorConfig config, MemoryPlan memory)
    {
        EngineLimits limits = Resolve(config);
        int pool = (int)Math.Min(int.MaxValue, (long)memory.UsableBlocks * limits.BlockSize);
        limits = limits with
        {
            UsableBlocks = memory.UsableBlocks,
            SwapBlocks = SwapBlocks(config.Scheduler, memory.BlockBytes),
            WatermarkBlocks = (int)(config.Engine.Watermark * memory.Blocks),
            MaxModelLen = config.Engine.ShortensToPool ? Math.Min(limits.MaxModelLen, pool) : limits.MaxModelLen,
            MaxNumBatchedTokens = config.Engine.HasBudget ? limits.MaxNumBatchedTokens
                : Math.Max(limits.MaxNumSeqs, Math.Min(limits.MaxNumBatchedTokens, pool)),
        };
        return SglangDeployment.Settle(limits, config);
    }

    /// <summary>The limits of a scenario's engine, all but the number of KV blocks, which is left at 0.</summary>
    public static EngineLimits Resolve(SimulatorConfig config)
    {
        SchedulerSpec spec = config.Scheduler;
        SchedulerDefaults set = SchedulerDefaults.Resolve(config);
        HostSpec host = HostSpec.Resolve(config);
        return new EngineLimits
        {
            MaxNumSeqs = set.MaxNumSeqs,
            MaxNumBatchedTokens = set.MaxNumBatchedTokens,
            MaxModelLen = set.MaxModelLen,
            UsableBlocks = 0,
            BlockSize = set.BlockSize,
            Reservation = config.Engine.ReservationOf(spec),
            FillsOnlyWhenEmpty = config.Engine.FillsOnlyWhenEmpty(spec),
            ChunkUnit = config.Engine.ChunksByBlock ? set.BlockSize : 1,
            AttentionWindow = config.Model.AttentionWindow(),
            EnableChunkedPrefill = set.EnableChunkedPrefill,
            LongPrefillTokenThreshold = spec.LongPrefillTokenThreshold,
            EnablePrefixCaching = set.EnablePrefixCaching,
            VictimKeepsTokens = config.Engine.VictimKeepsTokens,
            ReserveFullIsl = set.ReserveFullIsl,
            UnchunkedAdmission = set.UnchunkedAdmission,
            IsAsynchronous = set.AsyncScheduling && set.Batching == Batching.Continuous,
            PipelineStages = config.Parallelism.PipelineParallel,
            Order = AdmissionOrder.Of(spec, config.Workload.Classes, config.Objectives, config.Seed),
            OutputQuanta = Quanta(host.DetokenizationSecondsPerToken),
            StreamQuanta = Quanta(host.StreamSecondsPerToken ?? 0),
            Shares = FairShares.Of(spec, config.Workload.Classes),
            Patience = ClientPatience.Of(config.Workload),
            Sglang = SglangDeployment.Limits(config),
            MaxQueuedRequests = spec.MaxQueuedRequests ?? 0,
            BatchSize = set.Batching == Batching.Continuous ? 0 : spec.BatchSize ?? set.MaxNumSeqs,
            BatchWindowNs = set.Batching == Batching.Dynamic
                ? (long)((decimal)(spec.BatchWindowSeconds ?? 0) * NanosecondsPerSecond)
                : long.MaxValue,
        };
    }

    private static long Quanta(double seconds) => (long)Math.Round(seconds * 1e9 * EngineClock.QuantaPerNanosecond);

    private static int SwapBlocks(SchedulerSpec scheduler, long blockBytes) => scheduler.Preemption == PreemptionMode.Recompute
        ? 0
        : (int)Math.Clamp((scheduler.SwapSpaceGib ?? SchedulerSpec.DefaultSwapSpaceGib) * GiB / Math.Max(1, blockBytes), 0, int.MaxValue);
}
