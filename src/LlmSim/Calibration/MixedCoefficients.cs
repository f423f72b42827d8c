using LlmSim.Workloads;

namespace LlmSim.Calibration;

/// <summary>
/// What the decoding sequences of a step add to attention where one kernel computes them together with prompt chunks and so treats them like
/// these: a block of threads for each query head and sequence, which neither shares key/value heads nor splits contexts (FlashAttention 2).
/// </summary>
/// <remarks>
/// t = (chain^p + traffic^p)^(1/p) + tile·(tiles of the longest chunk that other sequences leave empty). chain = w·(start + keys of a sequence/(stream·B/S)) for
/// w waves of blocks over the S multiprocessors, of which some overlap; traffic = bytes·(1 + (heads that share them − 1)·missed)/(e·B), where
/// missed = r^q/(1 + r^q) and r is one head's bytes of all sequences over the L2 cache.
/// </remarks>
public sealed record MixedCoefficients
{
    /// <summary>Queries of a tile.</summary>
    public const int TileRows = PrefillCoefficients.TileRows;

    private const double BytesPerElement = 2; // 16-bit caches

    /// <summary>Seconds that a block takes to start. At least 0.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>At what multiple of its share of the memory bandwidth a multiprocessor reads keys, from the L2 cache as a rule. Above 0.</summary>
    public required double Stream { get; init; }

    /// <summary>Share of the memory bandwidth reached. In (0, 1].</summary>
    public required double Memory { get; init; }

    /// <summary>Share of a last wave's idle multiprocessors that is put to use. From 0 to 1.</summary>
    public required double WaveOverlap { get; init; }

    /// <summary>Bytes that are still found again, as a multiple of the L2 cache. Above 0.</summary>
    public required double Cache { get; init; }

    /// <summary>How sharply that ends, q. Above 0.</summary>
    public required double CachePower { get; init; }

    /// <summary>How waves and traffic add up, p. At least 1.</summary>
    public required double Power { get; init; }

    /// <summary>Seconds of a query head of a sequence that leaves a tile of the longest chunk's empty. At least 0.</summary>
    public required double TileSeconds { get; init; }

    /// <summary>What this was fitted on.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>Seconds that decoding sequences add, without empty tiles.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="cacheBytes">Its L2 cache.</param>
    /// <param name="sequences">Decoding sequences. At least 1.</param>
    /// <param name="context">Keys that they attend to in all.</param>
    /// <param name="heads">Query heads on this GPU.</param>
    /// <param name="kvHeads">Key/value heads on this GPU.</param>
    /// <param name="headSize">Elements of a head.</param>
    public double Seconds(in GpuRates gpu, double cacheBytes, int sequences, double context, int heads, int kvHeads, int headSize)
    {
        double keyBytes = 2 * headSize * BytesPerElement;
        double mean = context / sequences;
        double blocks = (double)sequences * heads / gpu.Multiprocessors;
        double waves = blocks <= 1 ? 1 : WaveOverlap * blocks + (1 - WaveOverlap) * Math.Ceiling(blocks);
        double chain = waves * (StartSeconds + keyBytes * mean * gpu.Multiprocessors / (Stream * gpu.BytesPerSecond));
        double again = context * keyBytes / (Cache * cacheBytes);
        double power = DeterministicMath.Exp(CachePower * DeterministicMath.Log(Math.Max(again, 1e-9)));
        double missed = power / (1 + power);
        double bytes = context * kvHeads * keyBytes * (1 + ((double)heads / kvHeads - 1) * missed);
        return PowerMean.Sum(chain, bytes / (Memory * gpu.BytesPerSecond), Power);
    }
}
