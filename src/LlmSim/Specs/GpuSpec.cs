namespace LlmSim.Specs;

/// <summary>A GPU: datasheet figures, dense (no structured sparsity).</summary>
public sealed record GpuSpec
{
    /// <summary>Name as people write it, for example <c>a100-80gb-sxm</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Memory the driver reports as total, in bytes. Above 0.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Peak memory bandwidth in bytes per second. Above 0.</summary>
    public required double MemoryBytesPerSecond { get; init; }

    /// <summary>Peak dense FP16/BF16 tensor-core rate in FLOP per second. Above 0.</summary>
    public required double Fp16FlopsPerSecond { get; init; }

    /// <summary>Whether it computes in BF16; GPUs before Ampere do not. Default true.</summary>
    public bool HasBf16 { get; init; } = true;

    /// <summary>Peak FP32 rate as engines use it for FP32 models (TF32 tensor cores where present), in FLOP per second. Above 0.</summary>
    public required double Fp32FlopsPerSecond { get; init; }

    /// <summary>Peak dense FP8 rate in FLOP per second; null when the GPU has no FP8 units.</summary>
    public double? Fp8FlopsPerSecond { get; init; }

    /// <summary>Peak dense INT8 rate in operations per second; null when the GPU has none.</summary>
    public double? Int8OpsPerSecond { get; init; }

    /// <summary>Link to the other GPUs of the node.</summary>
    public required InterconnectSpec Interconnect { get; init; }

    /// <summary>
    /// Link to host memory in bytes per second each way: PCIe's raw rate over 16 lanes, as datasheets give it. Above 0. Default 32 GB/s,
    /// PCIe 4.
    /// </summary>
    public double HostBytesPerSecond { get; init; } = 32e9;

    /// <summary>Family of its kernels, for example <c>hopper</c>; empty for unknown.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Streaming multiprocessors. Above 0; null for unknown.</summary>
    public int? Multiprocessors { get; init; }

    /// <summary>L2 cache in bytes. Above 0; null for unknown.</summary>
    public long? L2CacheBytes { get; init; }

    /// <summary>Where the figures come from.</summary>
    public string Source { get; init; } = "";
}
