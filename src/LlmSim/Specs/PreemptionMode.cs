namespace LlmSim.Specs;

/// <summary>What becomes of the computed tokens of a request that is thrown out of a continuous batch when KV blocks run short.</summary>
public enum PreemptionMode
{
    /// <summary>They are dropped; prompt and output so far are computed again when it is admitted again. All that vLLM V1 knows.</summary>
    Recompute,

    /// <summary>
    /// They move to host memory and back, where it has room for them, as with vLLM V0's <c>--preemption-mode swap</c>
    /// (<c>vllm/core/scheduler.py</c>, <c>_swap_out</c> and <c>_swap_in</c>).
    /// </summary>
    Swap,
}
