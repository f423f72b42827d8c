using LlmSim.Specs;

namespace LlmSim.Calibration.Fitting;

/// <summary>The GPU that tables were measured on, as the fits need it.</summary>
/// <param name="Gpu">The GPU; its multiprocessors and L2 cache are known.</param>
/// <param name="Given">A profile to judge by the tables instead of fitting one; null to fit.</param>
internal sealed record FitContext(GpuSpec Gpu, KernelProfile? Given = null)
{
    /// <summary>Rows may be faster than the datasheet allows by this much: clocks above the rated one.</summary>
    public const double Tolerance = 1.05;

    private const int FewestRows = 30;

    /// <summary>Streaming multiprocessors.</summary>
    public int Multiprocessors => Gpu.Multiprocessors ?? throw new InvalidOperationException($"multiprocessors of {Gpu.Name}");

    /// <summary>Bytes beyond which repeated reads find nothing in the L2 cache.</summary>
    public double ColdBytes => 2.0 * (Gpu.L2CacheBytes ?? throw new InvalidOperationException($"L2 cache of {Gpu.Name}"));

    /// <summary>Rates for products with weights of a type.</summary>
    public GpuRates Rates(DataType type) => new(Costs.KernelTimer.PeakFlops(Gpu, type), Gpu.MemoryBytesPerSecond, Multiprocessors);

    /// <summary>Whether a time is shorter than FLOPs or, beyond the cache, bytes allow.</summary>
    public bool IsTooFast(double seconds, double flops, double bytes, DataType type)
    {
        GpuRates rates = Rates(type);
        double least = Math.Max(flops / rates.FlopsPerSecond, bytes > ColdBytes ? bytes / rates.BytesPerSecond : 0);
        return !(seconds > 0) || least > Tolerance * seconds;
    }

    /// <summary>
    /// Refuses a family whose rows are too few, mostly faster than can be, or all far slower: most likely in another unit.
    /// </summary>
    /// <param name="family">Its name for people.</param>
    /// <param name="all">Rows found.</param>
    /// <param name="tooFast">Of these, faster than can be.</param>
    /// <param name="used">Of these, to be fitted.</param>
    /// <param name="slowness">Median of measured time over the least possible.</param>
    /// <exception cref="ConfigException">It is refused.</exception>
    public void Check(string family, int all, int tooFast, int used, double slowness)
    {
        const string unit = "Check the unit of the latencies (milliseconds in operator tables, microseconds in layer timings) and --gpu.";
        if (2 * tooFast > all)
        {
            throw new ConfigException(new ConfigProblem(family, $"{tooFast} of {all} rows faster than {Gpu.Name} can be",
                "times above FLOPs over the peak rate and bytes over the bandwidth", unit));
        }

        if (slowness > 300)
        {
            throw new ConfigException(new ConfigProblem(family, $"times {slowness:0} times what {Gpu.Name} needs at least",
                "times of the order of FLOPs over the peak rate and bytes over the bandwidth", unit));
        }

        if (used < FewestRows)
        {
            throw new ConfigException(new ConfigProblem(family, $"{used} usable rows of {all}", $"at least {FewestRows}",
                "Measure more shapes, or leave this table out."));
        }
    }

    /// <summary>The median of some ratios; 1 of none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 1 : sorted[sorted.Length / 2];
    }
}
