using System.Globalization;
using LlmSim.Calibration.Tables;
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
    private const double LeastSeconds = 0.5e-6; // Starting and ending a kernel alone is about 1 µs.
    private const double MostOverhead = 20e-6;  // What kernels take on top of arithmetic and traffic, at most about.
    private const double Slowest = 100;         // Measured kernels reach a tenth of the rates or more; another unit is a thousand times off.

    /// <summary>Streaming multiprocessors.</summary>
    public int Multiprocessors => Gpu.Multiprocessors ?? throw new InvalidOperationException($"multiprocessors of {Gpu.Name}");

    /// <summary>Bytes beyond which repeated reads find nothing in the L2 cache.</summary>
    public double ColdBytes => 2.0 * (Gpu.L2CacheBytes ?? throw new InvalidOperationException($"L2 cache of {Gpu.Name}"));

    /// <summary>Rates for products with weights of a type.</summary>
    public GpuRates Rates(DataType type) => new(Costs.KernelTimer.PeakFlops(Gpu, type), Gpu.MemoryBytesPerSecond, Multiprocessors);

    /// <summary>Whether a time is none, or shorter than FLOPs or, beyond the cache, bytes allow.</summary>
    public bool IsTooFast(double seconds, double flops, double bytes, DataType type)
    {
        GpuRates rates = Rates(type);
        double least = Math.Max(LeastSeconds, Math.Max(flops / rates.FlopsPerSecond, bytes > ColdBytes ? bytes / rates.BytesPerSecond : 0));
        return !(seconds > 0) || !double.IsFinite(seconds) || least > Tolerance * seconds;
    }

    /// <summary>
    /// Refuses a family whose rows are mostly faster than can be, far slower in the middle (both: most likely another unit), or too few.
    /// </summary>
    /// <param name="family">Its name for people.</param>
    /// <param name="all">Rows found.</param>
    /// <param name="tooFast">Those of them that are faster than can be.</param>
    /// <param name="used">How many are to be fitted.</param>
    /// <param name="least">Seconds that arithmetic and traffic of a row take at least.</param>
    /// <exception cref="ConfigException">It is refused.</exception>
    public void Check<TRow>(string family, IReadOnlyList<TRow> all, IReadOnlyList<TRow> tooFast, int used, Func<TRow, double> least)
        where TRow : IKernelRow
    {
        const string unit = "Check the unit of the latencies (milliseconds in operator tables, microseconds in layer timings) and --gpu.";
        if (2 * tooFast.Count > all.Count)
        {
            TRow worst = tooFast.MaxBy(row => least(row) / row.Seconds)!;
            throw new ConfigException(new ConfigProblem(family, $"{tooFast.Count} of {all.Count} rows faster than {Gpu.Name} can be: "
                + $"{worst.Shape} in {worst.Seconds * 1e6:G4} us, at least {Math.Max(LeastSeconds, least(worst)) * 1e6:G4} us",
                "times above FLOPs over the peak rate and bytes over the bandwidth", unit));
        }

        double slowness = Median(all.Select(row => row.Seconds / (least(row) + MostOverhead)));
        if (slowness > Slowest)
        {
            TRow worst = all.MaxBy(row => row.Seconds / (least(row) + MostOverhead))!;
            throw new ConfigException(new ConfigProblem(family, $"half of {all.Count} rows slower than {slowness:0} times what {Gpu.Name} needs: "
                + $"{worst.Shape} in {worst.Seconds * 1e6:G4} us, at least {least(worst) * 1e6:G4} us",
                "times of the order of FLOPs over the peak rate and bytes over the bandwidth", unit));
        }

        if (used < FewestRows)
        {
            throw new ConfigException(new ConfigProblem(family, $"{used} usable rows of {all.Count}, {tooFast.Count} faster than {Gpu.Name} can be",
                $"at least {FewestRows}", "Measure more shapes, or leave this table out."));
        }
    }

    /// <summary>The median of some ratios; 1 of none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 1 : sorted[sorted.Length / 2];
    }

    /// <summary>A number to some digits, so that profiles are short.</summary>
    public static double Round(double value, int digits) =>
        double.Parse(value.ToString($"E{digits - 1}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
