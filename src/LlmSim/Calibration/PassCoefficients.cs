namespace LlmSim.Calibration;

/// <summary>Kernels that only move memory: norms, rotary embedding, activation. t = launch + bytes/(e·B).</summary>
public sealed record PassCoefficients
{
    /// <summary>Seconds each kernel takes on top. At least 0.</summary>
    public required double LaunchSeconds { get; init; }

    /// <summary>Share of the memory bandwidth reached. In (0, 1].</summary>
    public required double Memory { get; init; }

    /// <summary>What this was fitted on; null for assumed figures.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>Seconds of a kernel that moves <paramref name="bytes"/>.</summary>
    public double Seconds(in GpuRates gpu, double bytes) => LaunchSeconds + bytes / (Memory * gpu.BytesPerSecond);
}
