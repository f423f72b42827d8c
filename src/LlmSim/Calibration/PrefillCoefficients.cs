using LlmSim.Workloads;

namespace LlmSim.Calibration;

/// <summary>Prefill attention of one layer, a sum over chunks but for the longest.</summary>
/// <remarks>
/// t = launch + Σ chunk + FLOPs/(e·F) + bytes/(e'·B) + tail·(the longest row of tiles, on one multiprocessor), FLOPs over
/// tiles of 128 queries, e lower for heads below 128 elements.
/// </remarks>
public sealed record PrefillCoefficients
{
    /// <summary>Queries of a tile.</summary>
    public const int TileRows = 128;

    private const double FullHeadSize = 128;

    /// <summary>Seconds each kernel takes on top. At least 0.</summary>
    public required double LaunchSeconds { get; init; }

    /// <summary>Seconds each chunk adds. At least 0.</summary>
    public required double ChunkSeconds { get; init; }

    /// <summary>Share of the peak rate with heads of 128 elements or more. In (0, 1].</summary>
    public required double Compute { get; init; }

    /// <summary>The share for smaller heads is this power of (elements / 128) of it. At least 0.</summary>
    public required double HeadSizePower { get; init; }

    /// <summary>Share of the memory bandwidth reached. In (0, 1].</summary>
    public required double Memory { get; init; }

    /// <summary>How much of the longest row of tiles stands alone at the end. At least 0.</summary>
    public required double Tail { get; init; }

    /// <summary>What this was fitted on.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>Share of the peak rate for heads of a size.</summary>
    public double ComputeFor(double headSize) => headSize >= FullHeadSize
        ? Compute
        : Compute * DeterministicMath.Exp(HeadSizePower * DeterministicMath.Log(headSize / FullHeadSize));

    /// <summary>Query–key pairs of a chunk in whole tiles of 128 queries, each against all keys up to its last query.</summary>
    public static double TilePairs(long newTokens, long context)
    {
        double tiles = (newTokens + TileRows - 1) / TileRows;
        return tiles * TileRows * (context + TileRows * (tiles + 1) / 2);
    }

    /// <summary>Seconds for equal chunks.</summary>
    public double Seconds(in GpuRates gpu, int chunks, long newTokens, long context, int heads, int kvHeads, int headSize)
    {
        double rate = ComputeFor(headSize) * gpu.FlopsPerSecond;
        double flops = 4.0 * heads * headSize * chunks * TilePairs(newTokens, context);
        double bytes = 4.0 * headSize * chunks * ((double)heads * newTokens + (double)kvHeads * (newTokens + context));
        double longest = 4.0 * headSize * TileRows * (newTokens + context);
        return LaunchSeconds + chunks * ChunkSeconds + flops / rate + bytes / (Memory * gpu.BytesPerSecond)
            + Tail * longest / (rate / gpu.Multiprocessors);
    }
}
