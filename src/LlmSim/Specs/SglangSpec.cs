namespace LlmSim.Specs;

/// <summary>Knobs that only SGLang has, named as <c>python -m sglang.launch_server</c> names them. Null means its own default.</summary>
/// <remarks>
/// Those that others have too stand in <see cref="SchedulerSpec"/>: <c>max_running_requests</c> is
/// <see cref="SchedulerSpec.MaxNumSeqs"/>, <c>page_size</c> <see cref="SchedulerSpec.BlockSize"/>, <c>context_length</c>
/// <see cref="SchedulerSpec.MaxModelLen"/>, <c>disable_radix_cache</c> and <c>disable_overlap_schedule</c> are
/// <see cref="SchedulerSpec.EnablePrefixCaching"/> and <see cref="SchedulerSpec.AsyncScheduling"/> the other way round.
/// </remarks>
public sealed record SglangSpec
{
    /// <summary>
    /// Most prompt tokens of a prefill step; −1 for prompts that are never split. A multiple of the page size. Default: 2048 on GPUs
    /// below 35 GiB, 4096 below 60, 8192 below 160, else 16384.
    /// </summary>
    public int? ChunkedPrefillSize { get; init; }

    /// <summary>Prompt tokens at which a prefill step takes no further request. At least 1. Default 16384.</summary>
    public int MaxPrefillTokens { get; init; } = 16384;

    /// <summary>Share of the GPU's memory for weights and KV cache, in (0, 1). Default: what activations and CUDA graphs leave.</summary>
    public double? MemFractionStatic { get; init; }

    /// <summary>Most tokens of KV cache. At least 1. Default: what fits the memory.</summary>
    public int? MaxTotalTokens { get; init; }

    /// <summary>Order of the waiting queue. Default first come, first served.</summary>
    public SglangPolicy SchedulePolicy { get; init; }

    /// <summary>
    /// Scales the share of their limits that running requests are expected to use, at first 0.7: larger admits later and throws out
    /// less. Above 0, at most 100. Default 1.
    /// </summary>
    public double ScheduleConservativeness { get; init; } = 1;

    /// <summary>Whether running requests decode in prefill steps too. Needs chunked prefill. Default false.</summary>
    public bool EnableMixedChunk { get; init; }

    /// <summary>Whether the priorities of the workload's classes count. Default false.</summary>
    public bool EnablePriorityScheduling { get; init; }

    /// <summary>By how much priorities must differ for a waiting request to throw out a running one. At least 0. Default 10.</summary>
    public int PriorityPreemptionThreshold { get; init; } = 10;

    /// <summary>Whether a smaller priority is more urgent. Default false.</summary>
    public bool LowPriorityValuesFirst { get; init; }
}
