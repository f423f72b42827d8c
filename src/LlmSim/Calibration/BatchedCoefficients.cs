namespace LlmSim.Calibration;

/// <summary>A product of each head with a matrix of its own in 16 bits, as decoding with latent attention has it.</summary>
/// <remarks>
/// t = launch + (c^p + m^p)^(1/p), c = FLOPs/(e·F) over tiles of 64 rows and m = bytes/(e'·B), of which few bytes take a share alone: they are found in the
/// L2 cache.
/// </remarks>
public sealed record BatchedCoefficients
{
    private const double ElementBytes = 2;
    private const int TileRows = 64;

    /// <summary>Seconds each kernel takes on top. At least 0.</summary>
    public required double LaunchSeconds { get; init; }

    /// <summary>Share of the peak rate reached. In (0, 1].</summary>
    public required double Compute { get; init; }

    /// <summary>Share of the memory bandwidth reached. In (0, 1].</summary>
    public required double Memory { get; init; }

    /// <summary>Share of that time which bytes found in the L2 cache take. In (0, 1].</summary>
    public required double Cached { get; init; }

    /// <summary>Bytes of which half are found there. Above 0.</summary>
    public required double CachedBytes { get; init; }

    /// <summary>How arithmetic and traffic add up, p. At least 1.</summary>
    public required double Power { get; init; }

    /// <summary>What this was fitted on.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>Bytes of matrices, inputs and outputs.</summary>
    public static double Bytes(long heads, long rows, long inner, long outer) =>
        ElementBytes * heads * ((double)inner * outer + (double)rows * (inner + outer));

    /// <summary>Seconds for some rows of each of <paramref name="heads"/>.</summary>
    public double Seconds(in GpuRates gpu, long heads, long rows, long inner, long outer)
    {
        long padded = (rows + TileRows - 1) / TileRows * TileRows;
        double compute = 2.0 * heads * padded * inner * outer / (Compute * gpu.FlopsPerSecond);
        double bytes = Bytes(heads, rows, inner, outer);
        double memory = bytes / (Memory * gpu.BytesPerSecond) * (bytes + Cached * CachedBytes) / (bytes + CachedBytes);
        return LaunchSeconds + PowerMean.Sum(compute, memory, Power);
    }
}
