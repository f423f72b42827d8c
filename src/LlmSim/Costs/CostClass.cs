namespace LlmSim.Costs;

/// <summary>What time is spent on.</summary>
public enum CostClass
{
    /// <summary>Arithmetic.</summary>
    Compute,

    /// <summary>Memory bandwidth of the GPU.</summary>
    Memory,

    /// <summary>The link between GPUs, or to host memory.</summary>
    Communication,

    /// <summary>Fixed time per kernel.</summary>
    Latency,

    /// <summary>The CPU, where the GPU waits for it.</summary>
    Host,
}
