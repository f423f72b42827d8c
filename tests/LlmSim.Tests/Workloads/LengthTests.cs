using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class LengthTests
{
    private const int Draws = 200_000;

    [Fact]
    public void Fixed_is_always_the_same() =>
        Assert.All(Take(LengthSpec.Fixed(512), 100), length => Assert.Equal(512, length));

    [Fact]
    public void Uniform_reaches_both_ends_and_has_its_mean()
    {
        int[] lengths = Take(LengthSpec.Uniform(128, 1024), Draws);
        Assert.Equal((128, 1024), (lengths.Min(), lengths.Max()));
        double variance = (897.0 * 897 - 1) / 12;
        Assert.Equal(576, lengths.Average(), 4 * Math.Sqrt(variance / Draws));
    }

    [Theory]
    [InlineData(512, 0.8)]
    [InlineData(2000, 0.3)]
    public void Lognormal_has_the_mean_and_spread_asked_for(double mean, double sigma)
    {
        int[] lengths = Take(LengthSpec.Lognormal(mean, sigma), Draws);
        double variance = mean * mean * (Math.Exp(sigma * sigma) - 1);
        Assert.Equal(mean, lengths.Average(), 4 * Math.Sqrt(variance / Draws));

        double[] logs = [.. lengths.Select(l => Math.Log(l))];
        double logMean = Math.Log(mean) - sigma * sigma / 2;
        Assert.Equal(logMean, logs.Average(), 4 * sigma / Math.Sqrt(Draws) + 1e-4);
        double logVariance = logs.Sum(l => (l - logMean) * (l - logMean)) / Draws;
        Assert.Equal(sigma * sigma, logVariance, 4 * sigma * sigma * Math.Sqrt(2.0 / Draws) + 1e-4);
    }

    [Fact]
    public void Lognormal_is_cut_to_its_range()
    {
        int[] lengths = Take(LengthSpec.Lognormal(512, 1.5, min: 100, max: 1000), 10_000);
        Assert.Equal((100, 1000), (lengths.Min(), lengths.Max()));
    }

    [Fact]
    public void Lognormal_without_spread_is_fixed() =>
        Assert.All(Take(LengthSpec.Lognormal(300, 0), 100), length => Assert.Equal(300, length));

    [Fact]
    public void A_wider_law_keeps_the_order_of_the_draws()
    {
        // Common random numbers: the longest request of one scenario is the longest of the other.
        int[] narrow = Take(LengthSpec.Lognormal(5000, 0.5), 1000);
        int[] wide = Take(LengthSpec.Lognormal(5000, 1), 1000);
        int[] order = [.. Enumerable.Range(0, 1000).OrderBy(i => narrow[i]).ThenBy(i => wide[i])];
        Assert.Equal(wide.Order(), order.Select(i => wide[i]));
    }

    private static int[] Take(LengthSpec spec, int count)
    {
        var sampler = LengthSampler.Create(spec, new RandomStream(1, LengthSampler.InputStreamName));
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Next())];
    }
}
