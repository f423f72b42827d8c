using CsCheck;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class ArrivalTests
{
    [Theory]
    [InlineData(2, new long[] { 0, 500_000_000, 1_000_000_000, 1_500_000_000 })]
    [InlineData(3, new long[] { 0, 333_333_333, 666_666_667, 1_000_000_000 })]
    [InlineData(0.5, new long[] { 0, 2_000_000_000, 4_000_000_000 })]
    [InlineData(2e9, new long[] { 0, 1, 1, 2, 2, 3, 3 })]
    [InlineData(double.PositiveInfinity, new long[] { 0, 0, 0 })]
    [InlineData(1e-300, new long[] { 0, long.MaxValue, long.MaxValue })]
    public void Deterministic_arrivals_are_evenly_spaced(double rate, long[] expected) =>
        Assert.Equal(expected, Take(new DeterministicArrivals(rate), expected.Length));

    [Fact]
    public void Deterministic_arrivals_never_drift()
    {
        // Seven a second: request 70 million is due at exactly 10 million seconds.
        var arrivals = new DeterministicArrivals(7);
        long last = 0;
        for (int i = 0; i <= 70_000_000; i++)
        {
            last = arrivals.Next();
        }

        Assert.Equal(10_000_000_000_000_000, last);
    }

    [Fact]
    public void Deterministic_arrivals_agree_with_exact_arithmetic() =>
        Gen.Select(Gen.Double[-7, 11], Gen.Int[1, 500]).Sample((magnitude, count) =>
        {
            double rate = Math.Pow(10, magnitude);
            long last = Take(new DeterministicArrivals(rate), count)[^1];

            // rate = m/2^e with whole m, so round(i·10⁹·2^e/m) is exact in big integers.
            int e = 53 - (int)Math.Floor(Math.Log2(rate));
            var m = new System.Numerics.BigInteger(Math.ScaleB(rate, e));
            var doubled = (System.Numerics.BigInteger)(count - 1) * 2_000_000_000 << e;
            return last == (long)((doubled + m) / (2 * m));
        });

    [Fact]
    public void Poisson_gaps_have_the_mean_and_spread_of_an_exponential()
    {
        const int count = 200_000;
        const double mean = 1e9 / 4;
        var arrivals = Poisson(4, seed: 3);
        double squares = 0;
        long last = 0;
        for (int i = 0; i < count; i++)
        {
            long next = arrivals.Next();
            Assert.True(next >= last);
            squares += Math.Pow((next - last - mean) / mean, 2);
            last = next;
        }

        // Four standard errors: an exponential has variance 1 and fourth central moment 9.
        Assert.Equal(1, last / (count * mean), 4 / Math.Sqrt(count));
        Assert.Equal(1, squares / count, 4 * Math.Sqrt(8.0 / count));
    }

    [Fact]
    public void Poisson_counts_per_second_have_equal_mean_and_variance()
    {
        const int seconds = 20_000;
        var arrivals = Poisson(5, seed: 4);
        double[] counts = new double[seconds];
        for (long at = arrivals.Next(); at < seconds * 1_000_000_000L; at = arrivals.Next())
        {
            counts[at / 1_000_000_000]++;
        }

        double mean = counts.Average();
        double variance = counts.Sum(c => (c - mean) * (c - mean)) / (seconds - 1);
        Assert.Equal(1, variance / mean, 4 * Math.Sqrt(2.0 / seconds));
    }

    [Fact]
    public void Poisson_arrivals_lose_nothing_to_rounding()
    {
        // Gaps of a third of a nanosecond: rounding each one would stop the clock or double it.
        const int count = 1_000_000;
        long[] all = Take(Poisson(3e9, seed: 5), count);
        Assert.Equal(1, all[^1] / (count / 3.0), 4 / Math.Sqrt(count));
    }

    [Fact]
    public void Twice_the_rate_halves_the_same_gaps()
    {
        long[] slow = Take(Poisson(2, seed: 6), 1000);
        long[] fast = Take(Poisson(4, seed: 6), 1000);
        Assert.All(slow.Zip(fast), pair => Assert.InRange(pair.First - 2 * pair.Second, -2, 2));
    }

    [Fact]
    public void Arrivals_beyond_a_long_stay_at_its_end()
    {
        Assert.Equal(long.MaxValue, Take(Poisson(1e-300, seed: 1), 3)[^1]);
        Assert.All(Take(Poisson(double.PositiveInfinity, seed: 1), 3),
            arrival => Assert.Equal(0, arrival));
    }

    private static ArrivalSampler Poisson(double rate, ulong seed) =>
        ArrivalSampler.Create(new WorkloadSpec { RequestRatePerSecond = rate }, seed);

    private static long[] Take(ArrivalSampler arrivals, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => arrivals.Next())];
}
