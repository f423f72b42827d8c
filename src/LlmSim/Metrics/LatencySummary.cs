using LlmSim.Simulation;

namespace LlmSim.Metrics;

/// <summary>The distribution of one latency. All values are zero when there was no sample.</summary>
/// <remarks>
/// Mean, standard deviation, minimum and maximum are exact to the nanosecond; percentiles are within 0.4% and interpolate
/// between samples as NumPy does.
/// </remarks>
public sealed record LatencySummary
{
    private readonly LatencyHistogram _histogram;

    private readonly IReadOnlyList<HistogramSnapshot> _batches;

    internal LatencySummary(LatencyHistogram histogram, IReadOnlyList<HistogramSnapshot>? batches = null)
    {
        _batches = batches ?? [];
        _histogram = histogram;
        Count = histogram.Count;
        Mean = new SimTime(histogram.Mean);
        Std = new SimTime(histogram.StandardDeviation);
        Min = new SimTime(histogram.Min);
        Max = new SimTime(histogram.Max);
        P50 = Percentile(50);
        P90 = Percentile(90);
        P95 = Percentile(95);
        P99 = Percentile(99);
    }

    /// <summary>Number of samples.</summary>
    public long Count { get; }

    /// <summary>Mean.</summary>
    public SimTime Mean { get; }

    /// <summary>
    /// 95% confidence interval of the mean, warm-up left out; null when fewer than about 200 requests finished, or when the load
    /// is beyond capacity.
    /// </summary>
    public ConfidenceInterval? MeanInterval => BatchMeans.OfMean(_batches);

    /// <summary>Population standard deviation.</summary>
    public SimTime Std { get; }

    /// <summary>Smallest sample.</summary>
    public SimTime Min { get; }

    /// <summary>Largest sample.</summary>
    public SimTime Max { get; }

    /// <summary>Median.</summary>
    public SimTime P50 { get; }

    /// <summary>90th percentile.</summary>
    public SimTime P90 { get; }

    /// <summary>95th percentile.</summary>
    public SimTime P95 { get; }

    /// <summary>99th percentile.</summary>
    public SimTime P99 { get; }

    /// <summary>Any percentile.</summary>
    /// <param name="percent">From 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 0, above 100 or not a number.</exception>
    public SimTime Percentile(double percent) => new(_histogram.Percentile(percent));

    /// <summary>
    /// 95% confidence interval of any percentile, warm-up left out; null when fewer than about 200 requests finished or 10 samples
    /// lie beyond it, or when the load is beyond capacity.
    /// </summary>
    /// <param name="percent">From 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 0, above 100 or not a number.</exception>
    public ConfidenceInterval? PercentileInterval(double percent) => BatchMeans.OfPercentile(_batches, _histogram, percent);
}
