namespace LlmSim.Specs.Engines;

/// <summary>For which tokens a request takes KV blocks when it is admitted.</summary>
internal enum KvReservation
{
    /// <summary>Those of its first step; more as it goes on (vLLM).</summary>
    OnDemand,

    /// <summary>All that are known, also when they take several steps; more as it decodes (Sarathi-Serve).</summary>
    Prompt,

    /// <summary>Prompt and longest answer, so that it never needs another block and nobody is thrown out (Orca, TensorRT-LLM).</summary>
    Completion,
}
