using LlmSim.Simulation;

namespace LlmSim.Metrics;

/// <summary>95% confidence intervals by the method of batch means.</summary>
/// <remarks>
/// <para>The first tenth of the batches is warm-up and left out, as is the last, unfinished one. Batches hold different numbers
/// of samples, so a mean is a ratio Σy/Σn, with residuals eⱼ = (yⱼ − nⱼ·Σy/Σn) / n̄. The half-width is t·√(Σe²/(k−1)/k), times
/// √((1+r)/(1−r)) when neighbouring residuals correlate by r > 0.</para>
/// <para>A percentile's interval is found among the probabilities and read back from the histogram: the share of samples
/// below it is a mean. Classes are 1.6% wide and no interval is narrower than the class that the percentile lies in.</para>
/// </remarks>
internal static class BatchMeans
{
    private const int FewestBatches = 10;
    private const double WarmUp = 0.1;

    // Share of the samples that the batches kept must hold. Where nearly all first tokens come before the first request finishes,
    // batches of finished requests say nothing about them.
    private const double FewestKept = 0.5;

    // Samples on the far side of a percentile; with fewer, its far end is anybody's guess.
    private const int FewestBeyond = 10;

    // Beyond this correlation there is no telling from so few batches.
    private const double StrongestCorrelation = 0.8;

    /// <summary>The interval of the mean; null when there are too few batches.</summary>
    public static ConfidenceInterval? OfMean(IReadOnlyList<HistogramSnapshot> ends)
    {
        if (Estimate(ends, static end => (double)end.SumQuanta / EngineClock.QuantaPerNanosecond) is not { } sum)
        {
            return null;
        }

        double low = Math.Max(0, sum.Mean - sum.HalfWidth);
        return new ConfidenceInterval(new SimTime((long)Math.Round(low)), new SimTime((long)Math.Round(sum.Mean + sum.HalfWidth)));
    }

    /// <summary>The interval of a percentile; null when there are too few batches, or samples beyond it.</summary>
    /// <param name="ends">Ends of the batches.</param>
    /// <param name="histogram">All samples.</param>
    /// <param name="percent">From 0 to 100.</param>
    public static ConfidenceInterval? OfPercentile(IReadOnlyList<HistogramSnapshot> ends, LatencyHistogram histogram, double percent)
    {
        double p = percent / 100;
        if (!(histogram.Count * Math.Min(p, 1 - p) >= FewestBeyond - 1e-6))
        {
            return null;
        }

        long value = histogram.Percentile(percent);
        int durationClass = HistogramSnapshot.ClassOf(value);
        if (Estimate(ends, end => end.CountBelow(durationClass)) is not { } below
            || Estimate(ends, end => end.CountBelow(durationClass + 1)) is not { } upTo)
        {
            return null;
        }

        // Wilson's interval of a share, which stays between 0 and 1. The warm-up shifts it: the shares among the batches kept are
        // not those among all samples.
        double half = Math.Max(below.HalfWidth, upTo.HalfWidth);
        double u = half * half / (p * (1 - p));
        double centre = (p + (u / 2)) / (1 + u);
        double width = Math.Sqrt((half * half) + (u * u / 4)) / (1 + u);
        var all = new HistogramSnapshot(histogram);
        double shares = (double)(all.CountBelow(durationClass) + all.CountBelow(durationClass + 1)) / all.Count;
        double shift = (below.Mean + upTo.Mean - shares) / 2;
        long low = histogram.Percentile(100 * Math.Clamp(centre - width - shift, 0, 1));
        long high = histogram.Percentile(100 * Math.Clamp(centre + width - shift, 0, 1));
        low = Math.Min(low, Math.Max(HistogramSnapshot.LowerEnd(durationClass), histogram.Min));
        high = Math.Max(high, Math.Min(HistogramSnapshot.LowerEnd(durationClass + 1), histogram.Max));
        return new ConfidenceInterval(new SimTime(low), new SimTime(high));
    }

    private static (double Mean, double HalfWidth)? Estimate(IReadOnlyList<HistogramSnapshot> ends, Func<HistogramSnapshot, double> total)
    {
        int dropped = (int)Math.Ceiling(ends.Count * WarmUp);
        int batches = ends.Count - dropped;
        if (batches < FewestBatches)
        {
            return null;
        }

        double samples = ends[^1].Count - ends[dropped - 1].Count;
        if (samples < FewestKept * ends[^1].Count || samples == 0)
        {
            return null;
        }

        double mean = (total(ends[^1]) - total(ends[dropped - 1])) / samples;
        double squares = 0, products = 0, before = 0;
        for (int i = dropped; i < ends.Count; i++)
        {
            double residual = total(ends[i]) - total(ends[i - 1]) - mean * (ends[i].Count - ends[i - 1].Count);
            squares += residual * residual;
            products += residual * before;
            before = residual;
        }

        double r = squares > 0 ? Math.Clamp(products / squares, 0, StrongestCorrelation) : 0;
        double variance = squares / (batches - 1) * (1 + r) / (1 - r);
        return (mean, StudentT(batches - 1) * Math.Sqrt(variance * batches) / samples);
    }

    // The 97.5% point of Student's t: Cornish and Fisher's expansion about the normal one, within 0.001 from 9 degrees on
    // (Abramowitz and Stegun 26.7.5).
    private static double StudentT(double degrees)
    {
        const double z = 1.959963984540054;
        const double z2 = z * z;
        double first = z * (z2 + 1) / 4;
        double second = z * (((5 * z2) + 16) * z2 + 3) / 96;
        double third = z * ((((3 * z2) + 19) * z2 + 17) * z2 - 15) / 384;
        return z + (first + (second + third / degrees) / degrees) / degrees;
    }
}
