namespace LlmSim.Specs;

/// <summary>Knobs of the serving engine, named as <c>vllm serve</c> names them. Null means the engine's own default; no engine has all of them.</summary>
/// <remarks>Defaults told here are those of vLLM v0.19 (<c>vllm/engine/arg_utils.py</c>, <c>vllm/config/scheduler.py</c>, <c>vllm/config/cache.py</c>).</remarks>
public sealed record SchedulerSpec
{
    /// <summary>When requests join a batch. Default: as the engine has it, which is continuous for most.</summary>
    public Batching? Batching { get; init; }

    /// <summary>Requests that a static or dynamic batch waits for. From 1 to <see cref="MaxNumSeqs"/>. Default: as many as that.</summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// How long the oldest request waits for a dynamic batch to fill, in seconds. From 0 to 86400. Default 0, Triton's
    /// (<c>max_queue_delay_microseconds</c>): whoever is there when the last batch ends makes the next one.
    /// </summary>
    public double? BatchWindowSeconds { get; init; }

    /// <summary>In which order waiting requests are admitted, continuous batching only. Default first come, first served.</summary>
    public SchedulingPolicy Policy { get; init; }

    /// <summary>
    /// How far the predicted output lengths of <see cref="SchedulingPolicy.Sjf"/> are off: standard deviation of the logarithm of
    /// predicted over true length. From 0 to 10. Default 0: a perfect prediction.
    /// </summary>
    public double PredictionError { get; init; }

    /// <summary>
    /// Most requests that wait in a replica's queue, as SGLang's <c>--max-queued-requests</c>: what comes when so many wait is refused,
    /// as with HTTP status 503. At least 1. Default null: no limit, as vLLM.
    /// </summary>
    public int? MaxQueuedRequests { get; init; }

    /// <summary>What becomes of a request that is thrown out when KV blocks run short, continuous batching only. Default recompute.</summary>
    public PreemptionMode Preemption { get; init; }

    /// <summary>
    /// Host memory for swapped requests, in GiB for each GPU; only with <see cref="PreemptionMode.Swap"/>. From 0 to 65536.
    /// Default <see cref="DefaultSwapSpaceGib"/>.
    /// </summary>
    public double? SwapSpaceGib { get; init; }

    /// <summary>Swap space where none is given, in GiB for each GPU: 4, as vLLM V0's <c>--swap-space</c>.</summary>
    public const double DefaultSwapSpaceGib = 4;

    /// <summary>Most sequences running at once. At least 1. Default: 1024 on GPUs of 70 GiB and more other than the A100 (until 0.8 on that too), else 256.</summary>
    public int? MaxNumSeqs { get; init; }

    /// <summary>Most tokens in one step. At least <see cref="MaxNumSeqs"/>. Default: 8192 on GPUs of 70 GiB and more other than the A100 (until 0.8 on that too), else 2048.</summary>
    public int? MaxNumBatchedTokens { get; init; }

    /// <summary>Longest sequence (prompt plus output) in tokens. At least 2. Default: the model's own.</summary>
    public int? MaxModelLen { get; init; }

    /// <summary>Share of the GPU's memory that the engine may use, in (0, 1]. Default 0.9; 0.8 of sarathi and orca.</summary>
    public double? GpuMemoryUtilization { get; init; }

    /// <summary>
    /// Share of the memory left free by weights and activations that becomes KV blocks, in (0, 1]; trtllm only, instead of
    /// <see cref="GpuMemoryUtilization"/>. Default 0.9.
    /// </summary>
    public double? FreeGpuMemoryFraction { get; init; }

    /// <summary>Which requests may hold KV blocks; trtllm only. Default guaranteed_no_evict.</summary>
    public CapacityPolicy? CapacitySchedulerPolicy { get; init; }

    /// <summary>Tokens per KV block: a power of two from 1 to 512. Default 16; 32 of trtllm.</summary>
    public int? BlockSize { get; init; }

    /// <summary>Number of KV blocks, block 0 included, instead of what the memory gives. At least 2. Default: from memory.</summary>
    public int? NumGpuBlocksOverride { get; init; }

    /// <summary>Whether a prompt may be split over several steps. Default true, 0.8 splits regardless; false of trtllm.</summary>
    public bool? EnableChunkedPrefill { get; init; }

    /// <summary>Most prompt tokens of one request in one step; 0 means no such limit. At least 0. Default 0.</summary>
    public int LongPrefillTokenThreshold { get; init; }

    /// <summary>
    /// Whether KV blocks keep their content for whoever needs the same. Default: the engine's; false where batches are not
    /// continuous or requests are swapped.
    /// </summary>
    public bool? EnablePrefixCaching { get; init; }

    /// <summary>Whether the next step is scheduled while the current one runs (two steps in flight). Default: true since 0.14. Not before 0.10.</summary>
    public bool? AsyncScheduling { get; init; }

    /// <summary>Admission gate: a waiting request needs free blocks for all its known tokens. Default: true since 0.19. Not before.</summary>
    public bool? ReserveFullIsl { get; init; }

    /// <summary>What only SGLang has.</summary>
    public SglangSpec Sglang { get; init; } = new();

    /// <summary>What happens to a waiting prompt longer than the budget left, without chunked prefill. Default: stop since 0.13.</summary>
    public UnchunkedAdmission? UnchunkedAdmission { get; init; }
}
