namespace LlmSim.Costs;

/// <summary>What a stretch of step time is spent on.</summary>
public enum CostClass
{
    /// <summary>Arithmetic at the GPU's rate.</summary>
    Compute,

    /// <summary>Bytes to and from GPU memory.</summary>
    Memory,

    /// <summary>Bytes between GPUs.</summary>
    Communication,

    /// <summary>Fixed times: kernel launches, floors of small kernels and messages.</summary>
    Latency,

    /// <summary>The CPU, where the GPU waits for it.</summary>
    Host,
}
