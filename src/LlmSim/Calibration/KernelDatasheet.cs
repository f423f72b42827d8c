namespace LlmSim.Calibration;

/// <summary>The figures of the measured GPU that a profile's coefficients are shares of.</summary>
public sealed record KernelDatasheet
{
    /// <summary>Peak dense 16-bit rate in FLOP per second.</summary>
    public required double Fp16FlopsPerSecond { get; init; }

    /// <summary>Peak dense FP8 rate in FLOP per second; null without such units.</summary>
    public double? Fp8FlopsPerSecond { get; init; }

    /// <summary>Memory bandwidth in bytes per second.</summary>
    public required double MemoryBytesPerSecond { get; init; }

    /// <summary>Streaming multiprocessors.</summary>
    public required int Multiprocessors { get; init; }

    /// <summary>L2 cache in bytes.</summary>
    public required long L2CacheBytes { get; init; }

    /// <summary>Bandwidth of the link of one GPU in one direction, in bytes per second.</summary>
    public required double LinkBytesPerSecond { get; init; }

    /// <summary>Its latency in seconds.</summary>
    public required double LinkLatencySeconds { get; init; }
}
