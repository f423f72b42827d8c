namespace LlmSim.Costs;

/// <summary>Where the time of all steps of a run went, on one GPU (all GPUs of a tensor-parallel group do the same).</summary>
public sealed record CostBreakdown
{
    /// <summary>Seconds bound by arithmetic. At least 0.</summary>
    public required double ComputeSeconds { get; init; }

    /// <summary>Seconds bound by memory bandwidth. At least 0.</summary>
    public required double MemorySeconds { get; init; }

    /// <summary>Seconds bound by the links between GPUs. At least 0.</summary>
    public required double CommunicationSeconds { get; init; }

    /// <summary>Seconds of fixed times: kernel launches and floors. At least 0.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>Seconds in which the GPU waited for the CPU within a step. At least 0.</summary>
    public required double HostSeconds { get; init; }

    /// <summary>Time by operator, in the order in which a step runs them.</summary>
    public required IReadOnlyList<OperatorCost> Operators { get; init; }

    /// <summary>Floating-point operations that the model asks for, of one GPU.</summary>
    public required double Flops { get; init; }

    /// <summary>Bytes to and from the memory of one GPU.</summary>
    public required double Bytes { get; init; }

    /// <summary>Seconds in which a GPU was busy. At least 0.</summary>
    public required double GpuSeconds { get; init; }

    /// <summary>Seconds of all steps: the sum over the classes.</summary>
    public double TotalSeconds => ComputeSeconds + MemorySeconds + CommunicationSeconds + LatencySeconds + HostSeconds;

    /// <summary>Seconds of one class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of <see cref="CostClass"/>.</exception>
    public double Seconds(CostClass costClass) => costClass switch
    {
        CostClass.Compute => ComputeSeconds,
        CostClass.Memory => MemorySeconds,
        CostClass.Communication => CommunicationSeconds,
        CostClass.Latency => LatencySeconds,
        CostClass.Host => HostSeconds,
        _ => throw new ArgumentOutOfRangeException(nameof(costClass), costClass, "not a known class"),
    };
}
