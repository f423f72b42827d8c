using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>
/// The keys of a scenario file, each with the property it stands for: the one place that says how files, flags and
/// <see cref="SimulatorConfig"/> correspond. Keys are applied in this order, so that <c>dtype</c> changes the model named above it.
/// </summary>
internal static class ScenarioSchema
{
    private const bool Required = true;
    private const bool Optional = false;
    private const bool IsOtherName = true;

    private static readonly ValueKind<int?> OptionalInt = new OptionalKind<int>(Kinds.Int);
    private static readonly ValueKind<bool?> OptionalBool = new OptionalKind<bool>(Kinds.Bool);
    private static readonly ValueKind<double?> OptionalDouble = new OptionalKind<double>(Kinds.Double);

    private static readonly ObjectKind<InterconnectSpec> Interconnect = new(
        blank: () => BlankInterconnect,
        names: new(name => InterconnectCatalog.TryGet(name, out var link) ? link : null, InterconnectCatalog.Near,
            () => InterconnectCatalog.All.Select(link => link.Name)))
    {
        { "name", Kinds.Text, i => i.Name, (i, v) => i with { Name = v }, Required },
        { "bytes_per_second", Kinds.Double, i => i.BytesPerSecond, (i, v) => i with { BytesPerSecond = v }, Required },
        { "latency_seconds", Kinds.Double, i => i.LatencySeconds, (i, v) => i with { LatencySeconds = v }, Required },
        { "source", Kinds.Text, i => i.Source, (i, v) => i with { Source = v } },
    };

    private static readonly ObjectKind<GpuSpec> Gpu = new(
        blank: () => new()
        {
            Name = "",
            MemoryBytes = 0,
            MemoryBytesPerSecond = 0,
            Fp16FlopsPerSecond = 0,
            Fp32FlopsPerSecond = 0,
            Interconnect = BlankInterconnect,
        },
        names: new(name => GpuCatalog.TryGet(name, out var gpu) ? gpu : null, GpuCatalog.Near,
            () => GpuCatalog.All.Select(gpu => gpu.Name)))
    {
        { "name", Kinds.Text, g => g.Name, (g, v) => g with { Name = v }, Required },
        { "memory_bytes", Kinds.Long, g => g.MemoryBytes, (g, v) => g with { MemoryBytes = v }, Required },
        { "memory_bytes_per_second", Kinds.Double, g => g.MemoryBytesPerSecond, (g, v) => g with { MemoryBytesPerSecond = v }, Required },
        { "fp16_flops_per_second", Kinds.Double, g => g.Fp16FlopsPerSecond, (g, v) => g with { Fp16FlopsPerSecond = v }, Required },
        { "has_bf16", Kinds.Bool, g => g.HasBf16, (g, v) => g with { HasBf16 = v } },
        { "fp32_flops_per_second", Kinds.Double, g => g.Fp32FlopsPerSecond, (g, v) => g with { Fp32FlopsPerSecond = v }, Required },
        { "fp8_flops_per_second", OptionalDouble, g => g.Fp8FlopsPerSecond, (g, v) => g with { Fp8FlopsPerSecond = v } },
        { "int8_ops_per_second", OptionalDouble, g => g.Int8OpsPerSecond, (g, v) => g with { Int8OpsPerSecond = v } },
        { "host_bytes_per_second", Kinds.Double, g => g.HostBytesPerSecond, (g, v) => g with { HostBytesPerSecond = v } },
        { "architecture", Kinds.Text, g => g.Architecture, (g, v) => g with { Architecture = v } },
        { "multiprocessors", OptionalInt, g => g.Multiprocessors, (g, v) => g with { Multiprocessors = v } },
        { "l2_cache_bytes", new OptionalKind<long>(Kinds.Long), g => g.L2CacheBytes, (g, v) => g with { L2CacheBytes = v } },
        { "interconnect", Interconnect, g => g.Interconnect, (g, v) => g with { Interconnect = v }, Required },
        { "source", Kinds.Text, g => g.Source, (g, v) => g with { Source = v } },
    };

    /// <summary>The engine's knobs.</summary>
    public static ObjectKind<SchedulerSpec> Scheduler { get; } = new()
    {
        { "batching", new OptionalKind<Batching>(Kinds.Batching), s => s.Batching, (s, v) => s with { Batching = v } },
        { "batch_size", OptionalInt, s => s.BatchSize, (s, v) => s with { BatchSize = v } },
        { "batch_window", OptionalDouble, s => s.BatchWindowSeconds, (s, v) => s with { BatchWindowSeconds = v } },
        { "policy", Kinds.Policy, s => s.Policy, (s, v) => s with { Policy = v } },
        { "prediction_error", Kinds.Double, s => s.PredictionError, (s, v) => s with { PredictionError = v } },
        { "max_queued_requests", OptionalInt, s => s.MaxQueuedRequests, (s, v) => s with { MaxQueuedRequests = v } },
        { "preemption", Kinds.Preemption, s => s.Preemption, (s, v) => s with { Preemption = v } },
        { "swap_space_gib", OptionalDouble, s => s.SwapSpaceGib, (s, v) => s with { SwapSpaceGib = v } },
        { "max_num_seqs", OptionalInt, s => s.MaxNumSeqs, (s, v) => s with { MaxNumSeqs = v } },
        { "max_num_batched_tokens", OptionalInt, s => s.MaxNumBatchedTokens, (s, v) => s with { MaxNumBatchedTokens = v } },
        { "max_model_len", OptionalInt, s => s.MaxModelLen, (s, v) => s with { MaxModelLen = v } },
        { "gpu_memory_utilization", OptionalDouble, s => s.GpuMemoryUtilization, (s, v) => s with { GpuMemoryUtilization = v } },
        {
            "free_gpu_memory_fraction", OptionalDouble,
            s => s.FreeGpuMemoryFraction, (s, v) => s with { FreeGpuMemoryFraction = v }
        },
        {
            "capacity_scheduler_policy", new OptionalKind<CapacityPolicy>(Kinds.Capacity),
            s => s.CapacitySchedulerPolicy, (s, v) => s with { CapacitySchedulerPolicy = v }
        },
        { "block_size", OptionalInt, s => s.BlockSize, (s, v) => s with { BlockSize = v } },
        { "num_gpu_blocks_override", OptionalInt, s => s.NumGpuBlocksOverride, (s, v) => s with { NumGpuBlocksOverride = v } },
        { "enable_chunked_prefill", OptionalBool, s => s.EnableChunkedPrefill, (s, v) => s with { EnableChunkedPrefill = v } },
        { "enable_prefix_caching", OptionalBool, s => s.EnablePrefixCaching, (s, v) => s with { EnablePrefixCaching = v } },
        { "long_prefill_token_threshold", Kinds.Int, s => s.LongPrefillTokenThreshold, (s, v) => s with { LongPrefillTokenThreshold = v } },
        { "async_scheduling", OptionalBool, s => s.AsyncScheduling, (s, v) => s with { AsyncScheduling = v } },
        { "reserve_full_isl", OptionalBool, s => s.ReserveFullIsl, (s, v) => s with { ReserveFullIsl = v } },
        {
            "unchunked_admission", new OptionalKind<UnchunkedAdmission>(Kinds.UnchunkedAdmission),
            s => s.UnchunkedAdmission, (s, v) => s with { UnchunkedAdmission = v }
        },
        {
            "chunked_prefill_size", OptionalInt,
            s => s.Sglang.ChunkedPrefillSize, (s, v) => s with { Sglang = s.Sglang with { ChunkedPrefillSize = v } }, Optional, HasSglang
        },
        {
            "max_prefill_tokens", Kinds.Int,
            s => s.Sglang.MaxPrefillTokens, (s, v) => s with { Sglang = s.Sglang with { MaxPrefillTokens = v } }, Optional, HasSglang
        },
        {
            "mem_fraction_static", OptionalDouble,
            s => s.Sglang.MemFractionStatic, (s, v) => s with { Sglang = s.Sglang with { MemFractionStatic = v } }, Optional, HasSglang
        },
        {
            "max_total_tokens", OptionalInt,
            s => s.Sglang.MaxTotalTokens, (s, v) => s with { Sglang = s.Sglang with { MaxTotalTokens = v } }, Optional, HasSglang
        },
        {
            "schedule_policy", Kinds.SglangPolicy,
            s => s.Sglang.SchedulePolicy, (s, v) => s with { Sglang = s.Sglang with { SchedulePolicy = v } }, Optional, HasSglang
        },
        {
            "schedule_conservativeness", Kinds.Double,
            s => s.Sglang.ScheduleConservativeness, (s, v) => s with { Sglang = s.Sglang with { ScheduleConservativeness = v } }, Optional, HasSglang
        },
        {
            "enable_mixed_chunk", Kinds.Bool,
            s => s.Sglang.EnableMixedChunk, (s, v) => s with { Sglang = s.Sglang with { EnableMixedChunk = v } }, Optional, HasSglang
        },
        {
            "enable_priority_scheduling", Kinds.Bool,
            s => s.Sglang.EnablePriorityScheduling, (s, v) => s with { Sglang = s.Sglang with { EnablePriorityScheduling = v } }, Optional, HasSglang
        },
        {
            "priority_scheduling_preemption_threshold", Kinds.Int,
            s => s.Sglang.PriorityPreemptionThreshold, (s, v) => s with { Sglang = s.Sglang with { PriorityPreemptionThreshold = v } }, Optional, HasSglang
        },
        {
            "schedule_low_priority_values_first", Kinds.Bool,
            s => s.Sglang.LowPriorityValuesFirst, (s, v) => s with { Sglang = s.Sglang with { LowPriorityValuesFirst = v } }, Optional, HasSglang
        },

        // SGLang's names for what others have too.
        { "max_running_requests", OptionalInt, s => s.MaxNumSeqs, (s, v) => s with { MaxNumSeqs = v }, Optional, null, IsOtherName },
        { "context_length", OptionalInt, s => s.MaxModelLen, (s, v) => s with { MaxModelLen = v }, Optional, null, IsOtherName },
        { "page_size", OptionalInt, s => s.BlockSize, (s, v) => s with { BlockSize = v }, Optional, null, IsOtherName },
        {
            "disable_radix_cache", OptionalBool,
            s => !s.EnablePrefixCaching, (s, v) => s with { EnablePrefixCaching = !v }, Optional, null, IsOtherName
        },
        {
            "disable_overlap_schedule", OptionalBool,
            s => !s.AsyncScheduling, (s, v) => s with { AsyncScheduling = !v }, Optional, null, IsOtherName
        },
    };

    private static readonly ObjectKind<HostSpec> Host = new()
    {
        { "step_seconds", Kinds.Double, h => h.StepSeconds, (h, v) => h with { StepSeconds = v } },
        { "sequence_seconds", Kinds.Double, h => h.SequenceSeconds, (h, v) => h with { SequenceSeconds = v } },
        { "ingress_seconds", OptionalDouble, h => h.IngressSeconds, (h, v) => h with { IngressSeconds = v } },
        { "http_seconds", Kinds.Double, h => h.HttpSeconds, (h, v) => h with { HttpSeconds = v } },
        { "http_seconds_per_token", Kinds.Double, h => h.HttpSecondsPerToken, (h, v) => h with { HttpSecondsPerToken = v } },
        { "tokenization_seconds", Kinds.Double, h => h.TokenizationSeconds, (h, v) => h with { TokenizationSeconds = v } },
        {
            "tokenization_seconds_per_token", Kinds.Double,
            h => h.TokenizationSecondsPerToken, (h, v) => h with { TokenizationSecondsPerToken = v }
        },
        {
            "detokenization_seconds_per_token", Kinds.Double,
            h => h.DetokenizationSecondsPerToken, (h, v) => h with { DetokenizationSecondsPerToken = v }
        },
        { "stream_seconds_per_token", OptionalDouble, h => h.StreamSecondsPerToken, (h, v) => h with { StreamSecondsPerToken = v } },
    };

    /// <summary>The whole scenario.</summary>
    public static ObjectKind<SimulatorConfig> Scenario { get; } = new()
    {
        { "model", ModelSchema.Model, c => c.Model, (c, v) => c with { Model = v } },
        { "dtype", Kinds.DataType, c => c.Model.WeightType, (c, v) => c with { Model = c.Model with { WeightType = v } } },
        { "kv_cache_dtype", Kinds.KvType, c => c.Model.KvType, (c, v) => c with { Model = c.Model with { KvType = v } } },
        { "sampling", Kinds.Sampling, c => c.Model.Sampling, (c, v) => c with { Model = c.Model with { Sampling = v } } },
        { "gpu", Gpu, c => c.Cluster.Gpu, (c, v) => c with { Cluster = c.Cluster with { Gpu = v } } },
        { "profile", new ProfileKind(), c => c.Profile, (c, v) => c with { Profile = v } },
        { "num_gpus", OptionalInt, c => c.Cluster.GpuCount, (c, v) => c with { Cluster = c.Cluster with { GpuCount = v } } },
        {
            "interconnect", new OptionalReferenceKind<InterconnectSpec>(Interconnect, () => BlankInterconnect),
            c => c.Cluster.Interconnect, (c, v) => c with { Cluster = c.Cluster with { Interconnect = v } }
        },
        {
            "tensor_parallel", Kinds.Int,
            c => c.Parallelism.TensorParallel, (c, v) => c with { Parallelism = c.Parallelism with { TensorParallel = v } }
        },
        {
            "pipeline_parallel", Kinds.Int,
            c => c.Parallelism.PipelineParallel, (c, v) => c with { Parallelism = c.Parallelism with { PipelineParallel = v } }
        },
        {
            "data_parallel", Kinds.Int,
            c => c.Parallelism.DataParallel, (c, v) => c with { Parallelism = c.Parallelism with { DataParallel = v } }
        },
        { "router", Kinds.Routing, c => c.Parallelism.Routing, (c, v) => c with { Parallelism = c.Parallelism with { Routing = v } } },
        { "gpus_per_node", Kinds.Int, c => c.Cluster.GpusPerNode, (c, v) => c with { Cluster = c.Cluster with { GpusPerNode = v } } },
        {
            "node_interconnect", new OptionalReferenceKind<InterconnectSpec>(Interconnect, () => BlankInterconnect),
            c => c.Cluster.NodeInterconnect, (c, v) => c with { Cluster = c.Cluster with { NodeInterconnect = v } }
        },
        { "engine", new EngineKind(), c => c.Engine, (c, v) => c with { Engine = v } },
        { "scheduler", Scheduler, c => c.Scheduler, (c, v) => c with { Scheduler = v } },
        { "host", Host, c => c.Host, (c, v) => c with { Host = v } },
        { "clock", Kinds.Clock, c => c.Clock, (c, v) => c with { Clock = v } },
        { "workload", WorkloadSchema.Workload, c => c.Workload, (c, v) => c with { Workload = v } },
        { "objectives", new ObjectivesKind(), c => c.Objectives, (c, v) => c with { Objectives = v } },
        { "price_per_gpu_hour", OptionalDouble, c => c.PricePerGpuHour, (c, v) => c with { PricePerGpuHour = v } },
        { "seed", Kinds.Seed, c => c.Seed, (c, v) => c with { Seed = v } },
        { "step_by_step", Kinds.Bool, c => c.StepByStep, (c, v) => c with { StepByStep = v } },
    };

    // Written only where anything of it is not SGLang's own default.
    private static bool HasSglang(SchedulerSpec scheduler) => scheduler.Sglang != new SglangSpec();

    private static InterconnectSpec BlankInterconnect => new() { Name = "", BytesPerSecond = 0, LatencySeconds = 0 };
}
