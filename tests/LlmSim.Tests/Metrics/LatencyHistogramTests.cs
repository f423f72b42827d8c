using System.Numerics;
using CsCheck;
using LlmSim.Metrics;

namespace LlmSim.Tests.Metrics;

public sealed class LatencyHistogramTests
{
    private const int QuantaBits = 20;

    // Small values share buckets, large ones span all powers of two.
    private static readonly Gen<long> Durations =
        Gen.Select(Gen.Int[0, 62], Gen.Long[0, (1L << 62) - 1], (bits, value) => value >> (62 - bits));

    private static readonly Gen<(long First, long Growth, long Steps, long Weight)> Runs = Gen.OneOf(
        // A few quanta to a few nanoseconds: ties and rounding at every step.
        Gen.Select(Gen.Long[0, 5 << QuantaBits], Gen.Long[0, 1 << 19], Gen.Long[1, 300], Gen.Long[0, 5]),
        // As engines have them: milliseconds that grow by nanoseconds to microseconds.
        Gen.Select(Gen.Long[1L << 39, 1L << 46], Gen.Long[0, 1L << 30], Gen.Long[1, 2000], Gen.Long[1, 1024]),
        // Growth that skips buckets and whole powers of two, up to the largest duration.
        Gen.Select(Gen.Long[0, 1L << 61], Gen.Long[0, 1L << 55], Gen.Long[1, 64], Gen.Long[1, 3]));

    [Fact]
    public void Agrees_with_a_sorted_list() => Gen.Select(Durations.List[1, 300], Gen.Double[0, 100]).Sample((values, percent) =>
    {
        var histogram = new LatencyHistogram();
        values.ForEach(histogram.Record);
        values.Sort();

        Assert.Equal(values.Count, histogram.Count);
        Assert.Equal(values[0], histogram.Min);
        Assert.Equal(values[^1], histogram.Max);
        BigInteger sum = values.Aggregate(BigInteger.Zero, (total, value) => total + value);
        Assert.Equal(sum << QuantaBits, histogram.SumQuanta);
        Assert.Equal(values.Aggregate(BigInteger.Zero, (total, v) => total + (BigInteger)v * v) << (2 * QuantaBits), histogram.SquareSum);
        Assert.Equal((double)sum / values.Count, histogram.Mean, (double)sum / values.Count * 1e-15 + 0.5);

        double exact = PercentileOf(values, percent);
        Assert.InRange(histogram.Percentile(percent), exact * 0.995 - 0.5, exact * 1.005 + 0.5);
    });

    [Fact]
    public void A_run_is_the_same_as_its_steps() => Runs.Array[1, 5].Sample(runs =>
    {
        var jumped = new LatencyHistogram();
        var looped = new LatencyHistogram();
        foreach ((long first, long growth, long steps, long weight) in runs)
        {
            jumped.RecordRun(first, growth, steps, weight);
            for (long step = 0; step < steps; step++)
            {
                looped.RecordQuanta(first + step * growth, weight);
            }
        }

        Assert.Equal(looped, jumped);
    });

    [Fact]
    public void A_run_of_a_million_steps_has_the_sums_of_its_steps()
    {
        var histogram = new LatencyHistogram();
        histogram.RecordRun(first: 7, growth: 3, steps: 3_000_000, weight: 2);
        // Σ(7 + 3i) = 7n + 3n(n−1)/2 and Σ(7 + 3i)² = 49n + 42·n(n−1)/2 + 9·n(n−1)(2n−1)/6, n = 3·10⁶, each twice.
        BigInteger n = 3_000_000;
        Assert.Equal(2 * (7 * n + 3 * n * (n - 1) / 2), (BigInteger)histogram.SumQuanta);
        Assert.Equal(2 * (49 * n + 21 * n * (n - 1) + 9 * n * (n - 1) * (2 * n - 1) / 6), histogram.SquareSum);
    }

    [Fact]
    public void Merging_is_recording_both() => Gen.Select(Durations.Array, Durations.Array).Sample((ours, theirs) =>
    {
        var merged = new LatencyHistogram();
        var other = new LatencyHistogram();
        var both = new LatencyHistogram();
        foreach (long value in ours)
        {
            merged.Record(value);
            both.Record(value);
        }

        foreach (long value in theirs)
        {
            other.Record(value);
            both.Record(value);
        }

        merged.Merge(other);
        Assert.Equal(both, merged);
    });

    [Fact]
    public void Every_duration_lies_in_its_narrow_bucket() => Durations.Sample(value =>
    {
        int index = LogBuckets.Index(value);
        long lower = LogBuckets.LowerEnd(index);
        long upper = LogBuckets.UpperEnd(index);
        Assert.InRange(value, lower, upper - 1);
        Assert.True(upper - lower == 1 || (upper - lower) * 256.0 <= lower);
        Assert.Equal(index, LogBuckets.Index(lower));
        Assert.Equal(index + 1, LogBuckets.Index(upper));
    });

    [Fact]
    public void Percentiles_never_decrease_and_end_at_the_extremes() => Durations.Array[1, 100].Sample(values =>
    {
        var histogram = new LatencyHistogram();
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        long[] percentiles = [.. Enumerable.Range(0, 101).Select(percent => histogram.Percentile(percent))];
        Assert.Equal(percentiles.Order(), percentiles);
        Assert.Equal(histogram.Min, percentiles[0]);
        Assert.Equal(histogram.Max, percentiles[^1]);
    });

    [Fact]
    public void Standard_deviation_is_of_the_population_and_exact()
    {
        var histogram = new LatencyHistogram();
        // Mean 10⁹ + 5, deviations −3, −1, 1, 3: variance (9 + 1 + 1 + 9)/4 = 5 on top of 18 digits of square.
        foreach (long value in (long[])[1_000_000_002, 1_000_000_004, 1_000_000_006, 1_000_000_008])
        {
            histogram.RecordQuanta(value << QuantaBits, 1_000_000);
        }

        Assert.Equal(1_000_000_005, histogram.Mean);
        Assert.Equal(2, histogram.StandardDeviation); // √5 = 2.24
    }

    [Fact]
    public void Without_samples_everything_is_zero()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal((0, 0, 0, 0, 0), (histogram.Min, histogram.Max, histogram.Mean, histogram.StandardDeviation, histogram.Percentile(99)));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void Refuses_percentages_out_of_range(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Percentile(percent));

    // numpy.percentile(sorted, percent).
    private static double PercentileOf(List<long> sorted, double percent)
    {
        double rank = (sorted.Count - 1) * (percent / 100);
        int below = (int)rank;
        double above = sorted[Math.Min(below + 1, sorted.Count - 1)];
        return sorted[below] + (rank - below) * (above - sorted[below]);
    }
}
