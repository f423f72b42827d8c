namespace LlmSim.Calibration;

/// <summary>Decode attention of one layer: one query per sequence against its cached keys and values.</summary>
/// <remarks>
/// t = launch + batched (from two sequences on) + split·c/(c + 256) + filling·bytes/(bytes + L2 cache) + (f^p + m^p)^(1/p), where c is the mean
/// context, an item is a key/value head of a sequence, i' the items beyond one for each multiprocessor, f = item·(1 + query·heads that share
/// it)·i' and m = bytes·(1 + few/items)/bandwidth + traffic·i'/(1 + (c/512)²). The bandwidth is that of caches beyond twice the L2 cache, at all sizes: in a
/// server the weights of the layers between leave none of it there. Never falls with context.
/// </remarks>
public sealed record DecodeCoefficients
{
    /// <summary>Query heads of a key/value head that were looked at; more count as these.</summary>
    internal const int MostShared = 16;

    private const double SplitContext = 256;
    private const double HidingContext = 512;

    /// <summary>Bytes of a key and value of 128 elements of 16 bits.</summary>
    internal const double KeyBytes = 512;

    /// <summary>
    /// Whether these are the kernels of models in which query heads share key/value heads; those without sharing run other ones,
    /// which in FlashAttention 2 leave the GPU idle when there are few long sequences.
    /// </summary>
    public required bool Grouped { get; init; }

    /// <summary>Seconds each kernel takes on top. At least 0.</summary>
    public required double LaunchSeconds { get; init; }

    /// <summary>Seconds more from two sequences on. At least 0.</summary>
    public required double BatchedSeconds { get; init; }

    /// <summary>Seconds that joining the parts of long contexts takes. At least 0.</summary>
    public required double SplitSeconds { get; init; }

    /// <summary>Seconds that each item adds once every multiprocessor has one. At least 0.</summary>
    public required double ItemSeconds { get; init; }

    /// <summary>What each query head of an item adds to that, as a share of it. At least 0.</summary>
    public required double QueryShare { get; init; }

    /// <summary>Share of the memory bandwidth reached. In (0, 1].</summary>
    public required double Memory { get; init; }

    /// <summary>Items with which half the bandwidth is reached. At least 0.</summary>
    public required double FewItems { get; init; }

    /// <summary>Seconds that starting to read each item adds to the traffic once every multiprocessor has one, which long contexts hide. At least 0.</summary>
    public required double ItemTrafficSeconds { get; init; }

    /// <summary>Seconds that filling and draining the memory's queues takes when caches are large. At least 0.</summary>
    public required double FillingSeconds { get; init; }

    /// <summary>Bytes at which half of that is spent, about the L2 cache. Above 0.</summary>
    public required double FillingBytes { get; init; }

    /// <summary>How items and traffic add up, p. At least 1.</summary>
    public required double Power { get; init; }

    /// <summary>What the form leaves of measured times, over items and their keys, counted in keys of 128 elements; null for nothing.</summary>
    public Surface? Left { get; init; }

    /// <summary>What this was fitted on.</summary>
    public FitQuality? Quality { get; init; }

    /// <summary>
    /// Seconds for <paramref name="sequences"/> that attend to <paramref name="context"/> keys in all, which are
    /// <paramref name="bytes"/>, with <paramref name="heads"/> query and <paramref name="kvHeads"/> key/value heads on this GPU.
    /// </summary>
    public double Seconds(in GpuRates gpu, int sequences, double context, int heads, int kvHeads, double bytes)
    {
        double items = (double)sequences * kvHeads;
        double mean = context / sequences;
        double shared = Math.Min(MostShared, (double)heads / kvHeads);
        double itemBytes = bytes / items;
        GpuRates rates = gpu;
        return Left is null ? Form(gpu, items, kvHeads, mean, shared, itemBytes) : Left.Seconds(
            items, Math.Max(1, itemBytes / KeyBytes), fewer => Form(rates, fewer, kvHeads, mean, shared, itemBytes));
    }

    private double Form(in GpuRates gpu, double items, int kvHeads, double mean, double shared, double itemBytes)
    {
        double bytes = items * itemBytes;
        double hiding = mean / HidingContext;
        double waiting = Math.Max(0, items - gpu.Multiprocessors);
        double floor = ItemSeconds * (1 + QueryShare * shared) * waiting;
        double memory = bytes * (1 + FewItems / items) / (Memory * gpu.BytesPerSecond) + ItemTrafficSeconds * waiting / (1 + hiding * hiding);
        return LaunchSeconds + (items > kvHeads ? BatchedSeconds : 0) + SplitSeconds * mean / (mean + SplitContext)
            + FillingSeconds * bytes / (bytes + FillingBytes) + PowerMean.Sum(floor, memory, Power);
    }
}
