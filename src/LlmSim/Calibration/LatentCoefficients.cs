namespace LlmSim.Calibration;

/// <summary>Decode attention of one layer to latent vectors: all heads of a sequence read the same ones.</summary>
/// <remarks>
/// t = launch + s·(sequence + heads·head) + split·c/(c + 1024) + (m^p + f^p)^(1/p), where c is the mean context, m = (bytes·(1 + few/s)·r + queries and outputs)/(e·B), f =
/// FLOPs/(e'·F) and r = 1 + (groups − 1)·missed for groups of heads that read the latents one after the other, missed = (s/S)⁴/(1 + (s/S)⁴) of s sequences.
/// Fewer heads than a tile holds compute as many as that. Never falls with context.
/// </remarks>
public sealed record LatentCoefficients
{
    private const double SplitContext = 1024;
    private const double ElementBytes = 2;

    /// <summary>Elements of a latent vector with its rotary key, and without: those of the models measured.</summary>
    internal const int KeyElements = 576;
    internal const int ValueElements = 512;

    /// <summary>Bytes of a key in 16 bits.</summary>
    internal const double KeyBytes = KeyElements * ElementBytes;

    /// <summary>Seconds that a layer takes on top of its products, whatever the context: launches of all its kernels. At least 0.</summary>
    public required double LaunchSeconds { get; init; }

    /// <summary>Seconds more for each sequence. At least 0.</summary>
    public required double SequenceSeconds { get; init; }

    /// <summary>Seconds more for each head of each sequence. At least 0.</summary>
    public required double HeadSeconds { get; init; }

    /// <summary>Seconds that joining the parts of long contexts takes. At least 0.</summary>
    public required double SplitSeconds { get; init; }

    /// <summary>Share of the memory bandwidth reached. In (0, 1].</summary>
    public required double Memory { get; init; }

    /// <summary>Sequences with which half the bandwidth is reached. At least 0.</summary>
    public required double FewSequences { get; init; }

    /// <summary>Share of the peak rate reached. In (0, 1].</summary>
    public required double Compute { get; init; }

    /// <summary>Heads that a tile holds. At least 1.</summary>
    public required double TileHeads { get; init; }

    /// <summary>Heads that read latents together. At least 1.</summary>
    public required int GroupHeads { get; init; }

    /// <summary>Sequences at which half of what a further group reads is no longer found in the L2 cache, S. Above 0.</summary>
    public required double GroupSequences { get; init; }

    /// <summary>How arithmetic and traffic add up, p. At least 1.</summary>
    public required double Power { get; init; }

    /// <summary>By how much numbers of heads differ from this, in thousandths for 1, 2, 4 … heads; null for nothing.</summary>
    public IReadOnlyList<int>? Heads { get; init; }

    /// <summary>What the form leaves of measured times, over sequences and their mean context; null for nothing.</summary>
    public Surface? Left { get; init; }

    /// <summary>What this was fitted on.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>
    /// Seconds for <paramref name="sequences"/> that attend to <paramref name="context"/> latents in all, which are <paramref name="bytes"/>, with <paramref
    /// name="heads"/> on this GPU and <paramref name="flopsPerKey"/>.
    /// </summary>
    public double Seconds(in GpuRates gpu, int sequences, double context, long heads, double flopsPerKey, double bytes)
    {
        double mean = context / sequences;
        double keyBytes = context > 0 ? bytes / context : 0;
        GpuRates rates = gpu;
        return LaunchSeconds + sequences * (SequenceSeconds + heads * HeadSeconds) + (Left is null ? Form(rates, sequences, mean, heads, flopsPerKey, keyBytes) : Left.Seconds(
            sequences, Math.Max(1, mean), fewer => Form(rates, fewer, mean, heads, flopsPerKey, keyBytes)));
    }

    private double Form(in GpuRates gpu, double sequences, double mean, long heads, double flopsPerKey, double keyBytes)
    {
        double keys = sequences * mean;
        double queries = sequences * heads * (KeyElements + ValueElements) * ElementBytes;
        double traffic = (keys * keyBytes * (1 + FewSequences / sequences) * Again(sequences, heads) + queries) / (Memory * gpu.BytesPerSecond);
        double compute = keys * flopsPerKey * Math.Max(1, TileHeads / heads) / (Compute * gpu.FlopsPerSecond);
        double body = PowerMean.Sum(traffic, compute, Power);
        return SplitSeconds * mean / (mean + SplitContext) + body * HeadFactor(heads);
    }

    // How often latents are read.
    private double Again(double sequences, long heads)
    {
        double ratio = sequences / GroupSequences;
        double fourth = ratio * ratio * ratio * ratio;
        long groups = (heads + GroupHeads - 1) / GroupHeads;
        return 1 + (groups - 1) * fourth / (1 + fourth);
    }

    private double HeadFactor(long heads)
    {
        if (Heads is null)
        {
            return 1;
        }

        int below = Math.Min(Heads.Count - 1, (int)long.Log2(heads));
        int above = Math.Min(Heads.Count - 1, below + 1);
        double along = (double)heads / (1L << below) - 1;
        return 1 + (Heads[below] + Math.Min(1, along) * (Heads[above] - Heads[below])) / 1000;
    }
}
