using LlmSim.Metrics;
using LlmSim.Workloads;

namespace LlmSim.Tests.Metrics;

/// <summary>Confidence intervals of correlated data whose true mean and percentiles are known.</summary>
public sealed class BatchMeansTests
{
    private const int Seeds = 100;

    [Fact]
    public void Batches_are_equal_and_between_12_and_23_once_there_are_enough()
    {
        var histogram = new LatencyHistogram();
        var batches = new RunBatches(histogram);
        for (int i = 1; i <= 10_000; i++)
        {
            histogram.Record(i);
            if (i == batches.NextEnd)
            {
                batches.Close();
            }

            if (i >= 12 * RunBatches.FirstSize)
            {
                Assert.InRange(batches.EndsOf(histogram).Count, 12, 23);
            }
        }

        // 384 requests fill 24 batches of 16; doubled four more times they are of 512, and 19 of them are full.
        Assert.Equal(Enumerable.Range(1, 19).Select(i => 512L * i), batches.EndsOf(histogram).Select(end => end.Count));
    }

    // Kept are batches 3 to 12 with means 3…12 by turns 0 and 2 off: the mean is their mean, t(9) = 2.262.
    [Fact]
    public void The_interval_of_a_short_run_is_that_of_the_textbook()
    {
        double[] means = [900, 900, 110, 90, 110, 110, 90, 90, 110, 90, 110, 90];
        (LatencyHistogram histogram, RunBatches batches) = Fill(means.SelectMany(mean => Enumerable.Repeat(mean * 1e6, RunBatches.FirstSize)));
        ConfidenceInterval interval = BatchMeans.OfMean(batches.EndsOf(histogram))!.Value;

        // Residuals ±10, k = 10: s² = 1000/9; neighbours correlate negatively, which is left alone.
        Assert.Equal(100 - 2.262 * Math.Sqrt(1000 / 9.0 / 10), interval.Low.Milliseconds, 0.01);
        Assert.Equal(100 + 2.262 * Math.Sqrt(1000 / 9.0 / 10), interval.High.Milliseconds, 0.01);
    }

    [Fact]
    public void Fewer_than_ten_batches_make_no_interval()
    {
        (LatencyHistogram histogram, RunBatches batches) = Fill(Enumerable.Repeat(1e6, 191));
        Assert.Null(BatchMeans.OfMean(batches.EndsOf(histogram)));
        Assert.Null(BatchMeans.OfPercentile(batches.EndsOf(histogram), histogram, 99));
    }

    [Fact]
    public void Samples_that_came_before_the_batches_make_no_interval()
    {
        // First tokens of 300 requests, 298 of them before the first request finishes.
        var histogram = new LatencyHistogram();
        var batches = new RunBatches(histogram);
        for (int i = 0; i < 298; i++)
        {
            histogram.Record(1_000_000 + i);
        }

        for (int finished = 0; finished < 300; finished += RunBatches.FirstSize)
        {
            batches.Close();
        }

        histogram.Record(9_000_000);
        batches.Close();
        Assert.Null(BatchMeans.OfMean(batches.EndsOf(histogram)));
        Assert.Null(BatchMeans.OfPercentile(batches.EndsOf(histogram), histogram, 50));
    }

    [Fact]
    public void Equal_samples_are_known_for_sure_as_far_as_a_class_can_tell()
    {
        (LatencyHistogram histogram, RunBatches batches) = Fill(Enumerable.Repeat(5e6, 1000));
        Assert.Equal(0, BatchMeans.OfMean(batches.EndsOf(histogram))!.Value.HalfWidth.Nanoseconds);
        Assert.Null(BatchMeans.OfPercentile(batches.EndsOf(histogram), histogram, 99.1)); // nine lie beyond
        Assert.Equal(0, BatchMeans.OfPercentile(batches.EndsOf(histogram), histogram, 99)!.Value.HalfWidth.Nanoseconds);
    }

    // x' = 0.9·x + noise about 100: as correlated as the latencies of a busy server.
    [Theory]
    [InlineData(50)]
    [InlineData(90)]
    [InlineData(99)]
    public void Of_autoregressive_data_95_of_100_intervals_hold_the_truth(double percent)
    {
        const double phi = 0.9, noise = 4;
        double deviation = noise / Math.Sqrt(1 - phi * phi);
        double truth = 100 + deviation * NormalQuantile.At(percent / 100);
        int means = 0, percentiles = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var random = new RandomStream(seed, "test");
            double x = 0;
            (LatencyHistogram histogram, RunBatches batches) = Fill(Enumerable.Range(0, 20_000).Select(_ =>
            {
                x = phi * x + noise * random.NextNormal();
                return (100 + x) * 1e6;
            }));
            means += Holds(BatchMeans.OfMean(batches.EndsOf(histogram)), 100);
            percentiles += Holds(BatchMeans.OfPercentile(batches.EndsOf(histogram), histogram, percent), truth);
        }

        Assert.InRange(means, 85, 99);
        Assert.InRange(percentiles, 85, 100);
    }

    // Waiting in an M/M/1 queue at 70%, which starts empty: mean ρ/(μ−λ), and 1 − ρ·e^(−(μ−λ)t) wait less than t.
    [Fact]
    public void Of_waits_in_a_queue_too()
    {
        const double load = 0.7;
        double p90 = Math.Log(load / 0.1) / (1 - load);
        int means = 0, percentiles = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var random = new RandomStream(seed, "test");
            double wait = 0;
            (LatencyHistogram histogram, RunBatches batches) = Fill(Enumerable.Range(0, 50_000).Select(_ =>
            {
                double now = wait;
                wait = Math.Max(0, wait + random.NextExponential(1) - random.NextExponential(1 / load));
                return now * 1e6;
            }));
            means += Holds(BatchMeans.OfMean(batches.EndsOf(histogram)), load / (1 - load));
            percentiles += Holds(BatchMeans.OfPercentile(batches.EndsOf(histogram), histogram, 90), p90);
        }

        Assert.InRange(means, 85, 99);
        Assert.InRange(percentiles, 85, 100);
    }

    private static int Holds(ConfidenceInterval? interval, double truthMs) =>
        interval!.Value.Low.Milliseconds <= truthMs && truthMs <= interval.Value.High.Milliseconds ? 1 : 0;

    private static (LatencyHistogram Histogram, RunBatches Batches) Fill(IEnumerable<double> nanoseconds)
    {
        var histogram = new LatencyHistogram();
        var batches = new RunBatches(histogram);
        foreach (double sample in nanoseconds)
        {
            histogram.Record((long)sample);
            if (histogram.Count == batches.NextEnd)
            {
                batches.Close();
            }
        }

        return (histogram, batches);
    }
}
