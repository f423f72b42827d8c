namespace LlmSim.Specs.Engines;

/// <summary>
/// TensorRT-LLM: a capacity scheduler says which requests may hold KV blocks, a micro-batch scheduler packs their tokens into the step.
/// One behaviour, as read in release 1.0.
/// </summary>
/// <remarks>
/// Read in <c>cpp/tensorrt_llm/batch_manager/capacityScheduler.cpp</c> and <c>microBatchScheduler.cpp</c>; defaults in
/// <c>tensorrt_llm/llmapi/llm_args.py</c>.
/// </remarks>
public sealed record TensorRtEngine : EngineSpec
{
    internal static EngineFamily Engines { get; } = new("trtllm", "tensorrt-llm", "trt-llm")
    {
        Written = "1.0",
        Reproduces = "capacity and micro-batch scheduler, memory",
        Checked = "read in source; timelines by hand",
        Read = release => release is null or "1.0" or "1.0.0" ? new TensorRtEngine() : null,
        Keys = ["enable_chunked_prefill", "enable_prefix_caching", "async_scheduling", "capacity_scheduler_policy", "free_gpu_memory_fraction"],
        Lacks = ["gpu_memory_utilization"],
        Instead = new Dictionary<string, string>
        {
            ["gpu_memory_utilization"] = "free_gpu_memory_fraction",
            ["long_prefill_token_threshold"] = "enable_chunked_prefill",
            ["preemption"] = "capacity_scheduler_policy",
            ["reserve_full_isl"] = "capacity_scheduler_policy",
        },
    };

    /// <inheritdoc />
    public override string Release => "1.0";

    /// <inheritdoc />
    internal override EngineFamily Family => Engines;

    /// <inheritdoc />
    internal override int BlockSize => 32;

    /// <summary>Of the memory that is free after a dry run (<c>tensorrt_llm/_torch/pyexecutor/_util.py</c>).</summary>
    internal override double? FreeMemoryFraction => 0.9;

    /// <summary>Block reuse.</summary>
    internal override bool HasPrefixCaching => true;

    /// <summary>Overlap scheduling.</summary>
    internal override bool IsAsyncByDefault => true;

    /// <inheritdoc />
    internal override bool ShortensToPool => true;

    /// <inheritdoc />
    internal override bool RejectsLongPrompts => true;

    /// <summary>The chunk unit is a KV block, the chunking policy first come, first served (<c>py_executor_creator.py</c>).</summary>
    internal override bool ChunksByBlock => true;

    /// <inheritdoc />
    internal override int SeatsOn(GpuSpec gpu) => 2048;

    /// <inheritdoc />
    internal override int TokensOn(GpuSpec gpu, int seats, int maxModelLen, bool isChunked) => 8192;

    /// <inheritdoc />
    internal override bool SplitsPrompts(bool? asked) => asked ?? false;

    /// <inheritdoc />
    internal override KvReservation ReservationOf(SchedulerSpec given) =>
        given.CapacitySchedulerPolicy == CapacityPolicy.MaxUtilization ? KvReservation.Prompt : KvReservation.Completion;

    /// <inheritdoc />
    internal override bool FillsOnlyWhenEmpty(SchedulerSpec given) => given.CapacitySchedulerPolicy == CapacityPolicy.StaticBatch;

    /// <inheritdoc />
    internal override void Check(ProblemList list, SchedulerSpec given) =>
        list.Require(given.EnableChunkedPrefill is not true || given.CapacitySchedulerPolicy != CapacityPolicy.StaticBatch,
            "scheduler.capacity_scheduler_policy", "static_batch",
            "not together with enable_chunked_prefill: a prompt half done would wait for all that run",
            "Leave one of the two out.");
}
