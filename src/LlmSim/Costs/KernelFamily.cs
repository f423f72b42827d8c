namespace LlmSim.Costs;

/// <summary>Kernels whose times come from one formula, and are wrong together.</summary>
internal enum KernelFamily
{
    /// <summary>Matrix products, the router's and the LM head's included.</summary>
    Gemm,

    /// <summary>Prefill attention.</summary>
    PrefillAttention,

    /// <summary>Decode attention.</summary>
    DecodeAttention,

    /// <summary>Experts.</summary>
    Experts,

    /// <summary>Collectives, messages between pipeline stages, and what goes to host memory.</summary>
    Communication,

    /// <summary>Kernels that only move memory: norms, rotary embedding, activation, embedding.</summary>
    MemoryPasses,

    /// <summary>The sampler.</summary>
    Sampler,
}
