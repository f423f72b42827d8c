using CsCheck;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class RandomStreamTests
{
    private const int Draws = 200_000;

    [Fact]
    public void The_generator_is_xoshiro256_plus_plus()
    {
        // First outputs from the state 1, 2, 3, 4, as the authors' C code gives them.
        var stream = new RandomStream(1, 2, 3, 4);
        ulong[] expected =
        [
            41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205, 9973669472204895162,
            14011001112246962877, 12406186145184390807, 15849039046786891736, 10450023813501588000,
        ];
        Assert.Equal(expected, expected.Select(_ => stream.NextUInt64()));
    }

    [Fact]
    public void First_draws_never_change()
    {
        var stream = new RandomStream(42, "arrivals");
        // Worked out by another program.
        Assert.Equal([3859319846593888683, 7881187824765002911], new[] { stream.NextUInt64(), stream.NextUInt64() });
        Assert.Equal(0.03646914605726592, stream.NextDouble());
        Assert.Equal(778, stream.NextInt(1, 1000));
        Assert.Equal(0x400093153CA8DAAB, BitConverter.DoubleToInt64Bits(stream.NextExponential(1)));
        Assert.Equal(0x3FCF7B79379436F4, BitConverter.DoubleToInt64Bits(stream.NextNormal()));
    }

    [Fact]
    public void Name_and_seed_both_make_a_stream_of_its_own()
    {
        var first = new HashSet<ulong>();
        for (ulong seed = 0; seed < 100; seed++)
        {
            foreach (string name in (string[])["arrivals", "lengths/input", "lengths/output", "", "arrivals2"])
            {
                Assert.True(first.Add(new RandomStream(seed, name).NextUInt64()));
            }
        }
    }

    [Fact]
    public void Streams_are_uncorrelated()
    {
        var a = new RandomStream(7, "lengths/input");
        var b = new RandomStream(7, "lengths/output");
        double sum = 0;
        for (int i = 0; i < Draws; i++)
        {
            sum += (a.NextDouble() - 0.5) * (b.NextDouble() - 0.5) * 12;
        }

        Assert.Equal(0, sum / Draws, 4 / Math.Sqrt(Draws));
    }

    [Fact]
    public void Doubles_stay_in_their_intervals()
    {
        // All bits zero and all bits one give the ends: states are chosen such that the first output is just that.
        var zeros = new RandomStream(0, 1, 1, 0);
        var ones = new RandomStream(0, 1, 1, ulong.MaxValue);
        Assert.Equal(0, zeros.NextDouble());
        Assert.Equal(Math.ScaleB(1, -53), new RandomStream(0, 1, 1, 0).NextOpenDouble());
        Assert.Equal(1 - Math.ScaleB(1, -53), ones.NextDouble());
        Assert.Equal(1 - Math.ScaleB(1, -53), new RandomStream(0, 1, 1, ulong.MaxValue).NextOpenDouble());
    }

    [Fact]
    public void Moments_are_those_of_the_laws()
    {
        var stream = new RandomStream(1, "moments");
        AssertMoments(stream.NextDouble, mean: 0.5, variance: 1 / 12.0, fourth: 1 / 80.0);
        AssertMoments(() => stream.NextExponential(3), mean: 3, variance: 9, fourth: 9 * 81);
        AssertMoments(stream.NextNormal, mean: 0, variance: 1, fourth: 3);
        AssertMoments(() => stream.NextInt(-3, 3), mean: 0, variance: 4, fourth: 28);
    }

    [Fact]
    public void Integers_are_equally_likely_and_reach_both_ends()
    {
        var stream = new RandomStream(5, "integers");
        int[] counts = new int[7];
        for (int i = 0; i < Draws; i++)
        {
            counts[stream.NextInt(10, 16) - 10]++;
        }

        // Chi squared with 6 degrees of freedom is above 22.46 once in a thousand seeds.
        double expected = Draws / 7.0;
        Assert.InRange(counts.Sum(c => (c - expected) * (c - expected) / expected), 0, 22.46);
    }

    [Fact]
    public void Integers_stay_in_any_range()
    {
        var stream = new RandomStream(6, "ranges");
        Gen.Select(Gen.Int, Gen.Int).Sample((a, b) =>
        {
            int drawn = stream.NextInt(Math.Min(a, b), Math.Max(a, b));
            return drawn >= Math.Min(a, b) && drawn <= Math.Max(a, b);
        }, threads: 1);
        Assert.Equal(9, stream.NextInt(9, 9));
        Assert.InRange(stream.NextInt(int.MinValue, int.MaxValue), int.MinValue, int.MaxValue);
    }

    /// <summary>Mean and variance within four standard errors.</summary>
    private static void AssertMoments(Func<double> draw, double mean, double variance, double fourth)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < Draws; i++)
        {
            double distance = draw() - mean;
            sum += distance;
            squares += distance * distance;
        }

        Assert.Equal(0, sum / Draws, 4 * Math.Sqrt(variance / Draws));
        Assert.Equal(variance, squares / Draws, 4 * Math.Sqrt((fourth - variance * variance) / Draws));
    }
}
