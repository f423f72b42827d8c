using LlmSim.Specs;

namespace LlmSim.Serving.Sglang;

/// <summary>What only SGLang's scheduler is bound by; names are those of its <c>server_args.py</c>.</summary>
/// <remarks>
/// The rest stands in <see cref="EngineLimits"/>: <c>max_running_requests</c> is <see cref="EngineLimits.MaxNumSeqs"/>,
/// <c>page_size</c> <see cref="EngineLimits.BlockSize"/>, <c>max_total_num_tokens</c> the usable blocks times that, the overlap loop
/// <see cref="EngineLimits.IsAsynchronous"/>, the radix cache <see cref="EngineLimits.EnablePrefixCaching"/>.
/// </remarks>
internal sealed record SglangLimits
{
    /// <summary>Tokens a running request is at most expected to go on for, in the reservation.</summary>
    public const int ClipMaxNewTokens = 4096;

    /// <summary>Most prompt tokens of a prefill step that may end within one; 0 for prompts that are never split.</summary>
    public required int ChunkedPrefillSize { get; init; }

    /// <summary>Prompt tokens at which a prefill step takes no further request.</summary>
    public required int MaxPrefillTokens { get; init; }

    /// <summary>Order of the waiting queue.</summary>
    public SglangPolicy Policy { get; init; }

    /// <summary>Scales the share of their limits that running requests are expected to use. Above 0.</summary>
    public double ScheduleConservativeness { get; init; } = 1;

    /// <summary>Whether running requests decode in prefill steps too. Needs chunked prefill.</summary>
    public bool EnableMixedChunk { get; init; }

    /// <summary>Whether requests say that only their limit ends them; without a radix cache admission then simulates the worst case.</summary>
    public bool IgnoreEos { get; init; }

    /// <summary>Whether requests have priorities, and may throw out others when no seat is left.</summary>
    public bool EnablePriorityScheduling { get; init; }

    /// <summary>By how much priorities must differ for one request to throw out another.</summary>
    public int PriorityPreemptionThreshold { get; init; } = 10;

    /// <summary>Whether a smaller priority is more urgent.</summary>
    public bool LowPriorityValuesFirst { get; init; }

    /// <summary>The priority of each class of requests; a class beyond the list has 0.</summary>
    public IReadOnlyList<int> Priorities { get; init; } = [];

    /// <summary>Whether generated tokens enter the radix tree when a request finishes: until 0.5.5.</summary>
    public bool CachesOutput { get; init; }

    /// <summary>
    /// Whether priority preemption throws out everybody who qualifies, not only as many as are needed, and gets its sums wrong:
    /// until 0.5.5.
    /// </summary>
    public bool HasOldPreemption { get; init; }

    /// <summary>Whether running requests decode in prefill steps.</summary>
    public bool IsMixed => EnableMixedChunk && ChunkedPrefillSize > 0;

    /// <summary>Prompt tokens that a prefill step may take, <see cref="int.MaxValue"/> for no such bound.</summary>
    public int ChunkTokens => ChunkedPrefillSize > 0 ? ChunkedPrefillSize : int.MaxValue;

    /// <summary>
    /// The longest sequence that requests are clipped to, prompt plus limit: two tokens short of the context and of all KV memory.
    /// </summary>
    public static int LongestSequence(int contextLength, int totalTokens) => Math.Min(contextLength, totalTokens) - 2;

    /// <summary>
    /// The most tokens of a step. The last prompt taken may run over <c>max_prefill_tokens</c>, which in the worst-case rule is looked at
    /// afterwards only.
    /// </summary>
    public int MostTokens(int seats, int longestSequence) => Math.Max(
        seats, ChunkedPrefillSize > 0 ? ChunkedPrefillSize : (int)Math.Min(int.MaxValue, (long)MaxPrefillTokens + longestSequence));

    /// <summary>The urgency of a class: larger is more urgent.</summary>
    public long Urgency(byte kind)
    {
        long priority = kind < Priorities.Count ? Priorities[kind] : 0;
        return LowPriorityValuesFirst ? -priority : priority;
    }
}
