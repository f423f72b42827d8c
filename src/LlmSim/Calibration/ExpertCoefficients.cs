using LlmSim.Specs;

namespace LlmSim.Calibration;

/// <summary>The experts of one layer (fused gate + up, activation, down, sum) in one number format.</summary>
/// <remarks>
/// t = launch + expert·D + (c^p + m^p)^(1/p) for D distinct experts, c = FLOPs·(1 + rows·D/(T·k))/(e·F), m = (weights +
/// activations)·(1 + bytes/weights)/(e'·B). e is lower where the engine has no kernel tuned to the shape.
/// </remarks>
public sealed record ExpertCoefficients
{
    /// <summary>Number format of the weights.</summary>
    public required DataType Type { get; init; }

    /// <summary>Seconds each layer takes on top. At least 0.</summary>
    public required double LaunchSeconds { get; init; }

    /// <summary>Seconds that each distinct expert adds. At least 0.</summary>
    public required double ExpertSeconds { get; init; }

    /// <summary>Share of the peak rate when experts have many rows. In (0, 1].</summary>
    public required double Compute { get; init; }

    /// <summary>The same for shapes without a tuned kernel. In (0, 1].</summary>
    public required double UntunedCompute { get; init; }

    /// <summary>Rows of an expert at which half the rate is reached. At least 0.</summary>
    public required double Rows { get; init; }

    /// <summary>Share of the memory bandwidth for many weights. In (0, 1].</summary>
    public required double Memory { get; init; }

    /// <summary>Bytes of weights at which half of it is reached. At least 0.</summary>
    public required double Bytes { get; init; }

    /// <summary>How arithmetic and traffic add up, p. At least 1.</summary>
    public required double Power { get; init; }

    /// <summary>Shapes that run as if untuned: experts and width on one GPU.</summary>
    public IReadOnlyList<ExpertShape> Untuned { get; init; } = [];

    /// <summary>Layers that were measured, and how they differ.</summary>
    public IReadOnlyList<ExpertLayer> Layers { get; init; } = [];

    /// <summary>What this was fitted on.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>Whether a shape has a tuned kernel, or is not known to lack one.</summary>
    public bool IsTuned(int experts, long width) => !Untuned.Contains(new ExpertShape(experts, width));

    /// <summary>
    /// Seconds by the form of a layer in which <paramref name="rows"/> rows (tokens times experts each) meet <paramref name="distinct"/>
    /// experts of <paramref name="elements"/> weights, and move <paramref name="activationBytes"/>.
    /// </summary>
    public double Seconds(
        in GpuRates gpu, double rows, double distinct, double elements, double bytesPerElement, double activationBytes, bool tuned)
    {
        double weights = distinct * elements * bytesPerElement;
        double compute = 2 * elements * (rows + Rows * distinct) / ((tuned ? Compute : UntunedCompute) * gpu.FlopsPerSecond);
        double memory = (weights + activationBytes) * (1 + Bytes / weights) / (Memory * gpu.BytesPerSecond);
        return LaunchSeconds + ExpertSeconds * distinct + PowerMean.Sum(compute, memory, Power);
    }
}
