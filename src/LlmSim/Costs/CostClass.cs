namespace LlmSim.Costs;

/// <summary>What time is spent on.</summary>
public enum CostClass
{
    /// <summary>Arithmetic.</summary>
    Compute,

    /// <summary>Memory bandwidth of the GPU.</summary>
    Memory,

    /// <summary>The link between GPUs.</summary>
    Communication,

    /// <summary>Fixed time per kernel.</summary>
    Latency,
}
