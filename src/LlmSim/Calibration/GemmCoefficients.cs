using LlmSim.Specs;

namespace LlmSim.Calibration;

/// <summary>
/// Matrix products in one number format: tiles of the output in waves over the multiprocessors, the best of a few tile sizes
/// and splits of the inner dimension.
/// </summary>
/// <remarks>
/// t = launch + min over tiles and splits s of [(c^p + m^p)^(1/p) + wave·(1 + 0.38·(w − 1)) + split] · clock, where w waves
/// count in full but for a share that later tiles fill, c = w·tile·k/s over a multiprocessor's share of the peak rate, m =
/// bytes over bandwidth, and the clock falls in long kernels. Never falls with rows.
/// </remarks>
public sealed record GemmCoefficients
{
    private static readonly (int Rows, int Columns)[] Tiles = [(256, 128), (128, 256), (128, 128), (64, 128), (64, 64)];

    /// <summary>Sizes of tiles that are looked at.</summary>
    internal static int TileCount => Tiles.Length;

    private const int SplitCount = 3; // none, in two, in four
    private const double ActivationBytes = 2;
    private const double FurtherWave = 0.38;
    private const double PartialBytes = 4; // a 32-bit partial sum, written and read through the L2 cache at twice the bandwidth

    /// <summary>Number format of the weights.</summary>
    public required DataType Type { get; init; }

    /// <summary>Seconds each kernel takes on top. At least 0.</summary>
    public required double LaunchSeconds { get; init; }

    /// <summary>
    /// Share of the memory bandwidth reached in the mean. In (0, 1]. The other coefficients follow the median of measured times, but of the kernels that memory
    /// bounds some of every shape run about 15% slower than their neighbours, and a step sums over many layers.
    /// </summary>
    public required double Memory { get; init; }

    /// <summary>How arithmetic and traffic add up, p. At least 1.</summary>
    public required double Power { get; init; }

    /// <summary>Seconds that filling the pipeline takes. At least 0.</summary>
    public required double WaveSeconds { get; init; }

    /// <summary>Share of a last wave's idle multiprocessors that is put to use. From 0 to 1.</summary>
    public required double WaveOverlap { get; init; }

    /// <summary>Seconds that summing up a split inner dimension takes. At least 0.</summary>
    public required double SplitSeconds { get; init; }

    /// <summary>By how much the clock falls in long kernels. At least 0.</summary>
    public required double Throttle { get; init; }

    /// <summary>Seconds of arithmetic at the peak rate in which half of that is reached. Above 0.</summary>
    public required double ThrottleSeconds { get; init; }

    /// <summary>Share of the peak rate for tiles of 256 × 128, 128 × 256, 128 × 128, 64 × 128 and 64 × 64.</summary>
    public required IReadOnlyList<double> Compute { get; init; }

    /// <summary>What the form leaves of times measured inside an engine, over rows (a surface of one column); null for nothing.</summary>
    public Surface? Left { get; init; }

    /// <summary>What this was fitted on.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>Seconds of one product of [rows × inner] by [inner × outer] that moves <paramref name="bytes"/>.</summary>
    public double Seconds(in GpuRates gpu, long rows, long inner, long outer, double bytes) =>
        Left is null ? Form(gpu, rows, inner, outer, bytes) : Corrected(gpu, rows, inner, outer, bytes, Left);

    private double Corrected(GpuRates gpu, long rows, long inner, long outer, double bytes, Surface left) => left.Seconds(rows, 1, fewer => Form(
        gpu, (long)fewer, inner, outer, bytes - (rows - fewer) * ActivationBytes * ((double)inner + outer)));

    private double Form(in GpuRates gpu, long rows, long inner, long outer, double bytes)
    {
        double memory = bytes / (Memory * gpu.BytesPerSecond);
        double perMultiprocessor = gpu.FlopsPerSecond / gpu.Multiprocessors;
        double partial = PartialBytes * rows * outer / (2 * gpu.BytesPerSecond);
        Span<double> computes = stackalloc double[Tiles.Length * SplitCount];
        Span<double> rests = stackalloc double[computes.Length];
        int first = 0;
        for (int tile = 0; tile < Tiles.Length; tile++)
        {
            (int tileRows, int tileColumns) = Tiles[tile];
            long tiles = ((rows + tileRows - 1) / tileRows) * ((outer + tileColumns - 1) / tileColumns);
            double tileSeconds = 2.0 * tileRows * tileColumns * inner / (perMultiprocessor * Compute[tile]);
            for (int doublings = 0; doublings < SplitCount; doublings++)
            {
                int i = tile * SplitCount + doublings;
                int split = 1 << doublings;
                double waves = Waves(tiles * split, gpu.Multiprocessors);
                computes[i] = waves * tileSeconds / split;
                rests[i] = WaveSeconds * (1 + FurtherWave * (waves - 1)) + (split == 1 ? 0 : SplitSeconds + split * partial);
                first = Math.Max(computes[i], memory) + rests[i] < Math.Max(computes[first], memory) + rests[first] ? i : first;
            }
        }

        // The most promising first: few others can then still be better.
        double best = PowerMean.Sum(computes[first], memory, Power) + rests[first];
        for (int i = 0; i < computes.Length; i++)
        {
            if (Math.Max(computes[i], memory) + rests[i] < best)
            {
                best = Math.Min(best, PowerMean.Sum(computes[i], memory, Power) + rests[i]);
            }
        }

        double arithmetic = 2.0 * rows * inner * outer / gpu.FlopsPerSecond;
        return LaunchSeconds + best * (1 + Throttle * arithmetic / (arithmetic + ThrottleSeconds));
    }

    private double Waves(long tiles, int multiprocessors)
    {
        double waves = (double)tiles / multiprocessors;
        return waves <= 1 ? 1 : WaveOverlap * waves + (1 - WaveOverlap) * ((tiles + multiprocessors - 1) / multiprocessors);
    }
}
