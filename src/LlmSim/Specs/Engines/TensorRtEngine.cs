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
        Keys = ["enable_chunked_prefill", "async_scheduling"],
        Instead = new Dictionary<string, string> { ["long_prefill_token_threshold"] = "enable_chunked_prefill" },
    };

    /// <inheritdoc />
    public override string Release => "1.0";

    /// <inheritdoc />
    internal override EngineFamily Family => Engines;

    /// <inheritdoc />
    internal override bool IsBuilt => false;

    /// <inheritdoc />
    internal override int BlockSize => 32;

    /// <inheritdoc />
    internal override bool IsAsyncByDefault => true;

    /// <inheritdoc />
    internal override int SeatsOn(GpuSpec gpu) => 2048;

    /// <inheritdoc />
    internal override int TokensOn(GpuSpec gpu, int seats, int maxModelLen, bool isChunked) => 8192;

    /// <inheritdoc />
    internal override bool SplitsPrompts(bool? asked) => asked ?? false;
}
