using LlmSim.Specs.Blocks;

namespace LlmSim.Costs;

/// <summary>
/// Where the time of a run's steps went, on one GPU. Classes and host add up to the total; so do operators and host.
/// </summary>
public sealed record CostBreakdown
{
    /// <summary>Duration of all steps, in seconds.</summary>
    public required double TotalSeconds { get; init; }

    /// <summary>Seconds bound by arithmetic.</summary>
    public required double ComputeSeconds { get; init; }

    /// <summary>Seconds bound by memory bandwidth.</summary>
    public required double MemorySeconds { get; init; }

    /// <summary>Seconds of communication between GPUs, and between GPUs and host memory.</summary>
    public required double CommunicationSeconds { get; init; }

    /// <summary>Seconds of fixed time per kernel.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>Seconds in which the GPU waited for the host: the total less what the GPU computed.</summary>
    public required double HostSeconds { get; init; }

    /// <summary>Operators that took time, in running order.</summary>
    public required IReadOnlyList<OperatorCost> Operators { get; init; }

    /// <summary>Floating-point operations of one GPU.</summary>
    public required double FlopsPerGpu { get; init; }

    /// <summary>Bytes moved in one GPU's memory.</summary>
    public required double MemoryBytesPerGpu { get; init; }

    /// <summary>Peak rate of the GPU for the model's weights, in FLOP per second.</summary>
    public required double PeakFlopsPerSecond { get; init; }

    /// <summary>Peak memory bandwidth of the GPU, in bytes per second.</summary>
    public required double PeakBytesPerSecond { get; init; }

    /// <summary>Seconds in which the GPU was busy.</summary>
    public double GpuSeconds => TotalSeconds - HostSeconds;

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

    /// <summary>
    /// Model FLOPs utilisation over a time: FLOPs / (seconds · peak), from 0 to 1. The same on every GPU, so the degree
    /// of parallelism cancels out. 0 for no time.
    /// </summary>
    public double Mfu(double seconds) => seconds > 0 ? FlopsPerGpu / (seconds * PeakFlopsPerSecond) : 0;

    /// <summary>
    /// Memory-bandwidth utilisation over a time: bytes / (seconds · peak), from 0 to 1. 0 for no time.
    /// </summary>
    public double Mbu(double seconds) => seconds > 0 ? MemoryBytesPerGpu / (seconds * PeakBytesPerSecond) : 0;

    internal static CostBreakdown Of(StepWork work, Int128 totalQuanta, double peakFlops, double peakBytes)
    {
        var total = work.Total;
        double linkBytes = work[StepOperator.AllReduce].Bytes + work[StepOperator.LogitsGather].Bytes
            + work[StepOperator.StageTransfer].Bytes + work[StepOperator.KvSwap].Bytes;
        return new CostBreakdown
        {
            TotalSeconds = CostRows.Seconds(totalQuanta),
            ComputeSeconds = CostRows.Seconds(total.Compute),
            MemorySeconds = CostRows.Seconds(total.Memory),
            CommunicationSeconds = CostRows.Seconds(total.Communication),
            LatencySeconds = CostRows.Seconds(total.Latency),
            HostSeconds = CostRows.Seconds(totalQuanta - total.Total),
            Operators = CostRows.Of(work),
            FlopsPerGpu = total.Flops,
            MemoryBytesPerGpu = total.Bytes - linkBytes,
            PeakFlopsPerSecond = peakFlops,
            PeakBytesPerSecond = peakBytes,
        };
    }
}
