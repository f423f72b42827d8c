namespace LlmSim.Calibration;

/// <summary>The sampler without top-k and top-p: t = step + bytes of the logits/(e·B).</summary>
public sealed record SamplerCoefficients
{
    /// <summary>Seconds a step. At least 0.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>Share of the memory bandwidth at which logits are read. In (0, 1].</summary>
    public required double Memory { get; init; }

    /// <summary>What this was fitted on; null for assumed figures.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>Seconds of a step whose logits are <paramref name="bytes"/>.</summary>
    public double Seconds(in GpuRates gpu, double bytes) => StepSeconds + bytes / (Memory * gpu.BytesPerSecond);
}
