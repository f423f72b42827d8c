namespace LlmSim.Specs;

/// <summary>With chunked prefill off: what admission does at a waiting prompt longer than the token budget left in the step.</summary>
public enum UnchunkedAdmission
{
    /// <summary>It stops: nothing overtakes (vLLM since December 2025).</summary>
    Stop,

    /// <summary>It skips that request and tries the next; the skipped ones return to the queue's head in reversed order (vLLM 0.11).</summary>
    SkipReversed,
}
