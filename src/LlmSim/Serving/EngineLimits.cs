using LlmSim.Serving.Sglang;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Serving;

/// <summary>What a scheduler is bound by, every default resolved.</summary>
internal sealed record EngineLimits
{
    /// <summary>Most sequences running at once. At least 1.</summary>
    public required int MaxNumSeqs { get; init; }

    /// <summary>Most new tokens in one step. At least <see cref="MaxNumSeqs"/>.</summary>
    public required int MaxNumBatchedTokens { get; init; }

    /// <summary>Longest sequence in tokens, prompt plus output. At least 2.</summary>
    public required int MaxModelLen { get; init; }

    /// <summary>KV blocks that requests can hold: vLLM's block count less block 0, which is never handed out.</summary>
    public required int UsableBlocks { get; init; }

    /// <summary>Tokens per KV block, a power of two.</summary>
    public required int BlockSize { get; init; }

    /// <summary>Tokens that attention is bound to in the model's windowed layers; 0 for none.</summary>
    public int AttentionWindow { get; init; }

    /// <summary>Whether prompts may be split over steps.</summary>
    public bool EnableChunkedPrefill { get; init; } = true;

    /// <summary>Most prompt tokens of one request in a step; 0 for no such limit.</summary>
    public int LongPrefillTokenThreshold { get; init; }

    /// <summary>Whether a waiter must find free blocks for all its known tokens.</summary>
    public bool ReserveFullIsl { get; init; }

    /// <summary>For which tokens a request takes KV blocks when it is admitted.</summary>
    public KvReservation Reservation { get; init; }

    /// <summary>
    /// Whether decoding requests get their tokens before prompts that are half done. The same as the order of admission, unless parts
    /// of prompts are rounded: else all that were admitted find room in every later step's budget.
    /// </summary>
    public bool DecodesFirst => Reservation != KvReservation.OnDemand;

    /// <summary>KV blocks that an admission must leave free. At least 0.</summary>
    public int WatermarkBlocks { get; init; }

    /// <summary>Whether requests are only admitted when none is running.</summary>
    public bool FillsOnlyWhenEmpty { get; init; }

    /// <summary>Tokens that a part of a prompt other than its last is a multiple of. A power of two, at most the token budget; above 1 only with <see cref="DecodesFirst"/>.</summary>
    public int ChunkUnit { get; init; } = 1;

    /// <summary>Longest prompt that is accepted, in tokens.</summary>
    public int LongestPrompt => EnableChunkedPrefill ? MaxModelLen - 1 : Math.Min(MaxModelLen - 1, MaxNumBatchedTokens);

    /// <summary>Whether KV blocks keep their content when they are given back, for whoever needs the same.</summary>
    public bool EnablePrefixCaching { get; init; }

    /// <summary>What admission does at a prompt that does not fit the budget, without chunked prefill.</summary>
    public UnchunkedAdmission UnchunkedAdmission { get; init; }

    /// <summary>The scheduling policy; null for first come, first served.</summary>
    public AdmissionOrder? Order { get; init; }

    /// <summary>
    /// Under a policy: whether a victim that has its tokens in this call already keeps them, computes them in vain, and the request
    /// behind it is passed over, as in vLLM 0.11.0.
    /// </summary>
    public bool VictimKeepsTokens { get; init; }

    /// <summary>Most requests that wait; one that comes when so many do is refused. 0 for no limit.</summary>
    public int MaxQueuedRequests { get; init; }

    /// <summary>Requests that a static or dynamic batch waits for; 0 for continuous batching. At most <see cref="MaxNumSeqs"/>.</summary>
    public int BatchSize { get; init; }

    /// <summary>
    /// How long, in nanoseconds, the oldest request waits for a batch to fill before it starts all the same;
    /// <see cref="long.MaxValue"/> for static batching.
    /// </summary>
    public long BatchWindowNs { get; init; } = long.MaxValue;

    /// <summary>KV blocks that fit into a GPU's swap space in host memory; 0 to recompute whatever is thrown out.</summary>
    public int SwapBlocks { get; init; }

    /// <summary>What tenants are charged, where the least served is admitted next; null for another policy.</summary>
    public FairShares? Shares { get; init; }

    /// <summary>How long clients wait for their tokens; null for as long as it takes.</summary>
    public ClientPatience? Patience { get; init; }

    /// <summary>Time that the thread behind the engine takes for each generated token, in quanta; 0 for no such thread.</summary>
    public long OutputQuanta { get; init; }

    /// <summary>How much later the tokens of a step reach clients for each of them, in quanta, whatever the steps before.</summary>
    public long StreamQuanta { get; init; }

    /// <summary>Whether the next step is scheduled while the current one runs. Not with a pipeline, whose stages overlap anyway.</summary>
    public bool IsAsynchronous { get; init; }

    /// <summary>Pipeline stages: GPUs, or groups of them, that hold the layers in turn. At least 1.</summary>
    public int PipelineStages { get; init; } = 1;

    /// <summary>What SGLang's scheduler is bound by; null for vLLM's.</summary>
    public SglangLimits? Sglang { get; init; }

    /// <summary>Whether a request may be scheduled again while its last step is still in flight.</summary>
    public bool RunsAhead => IsAsynchronous && PipelineStages == 1;

    /// <summary>Steps in flight at once: one a stage; without a pipeline 1 for the synchronous loop, 2 for the asynchronous one.</summary>
    public int StepsInFlight => RunsAhead ? 2 : PipelineStages;
}
