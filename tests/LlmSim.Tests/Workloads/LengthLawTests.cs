using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class LengthLawTests : IDisposable
{
    private const int Draws = 200_000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Normal_has_the_mean_and_spread_asked_for()
    {
        int[] lengths = Take(LengthSpec.Normal(5000, 300), Draws);
        Assert.Equal(5000, lengths.Average(), 4 * 300 / Math.Sqrt(Draws));
        double variance = lengths.Sum(l => Math.Pow(l - 5000, 2)) / Draws;
        Assert.Equal(90_000, variance, 4 * 90_000 * Math.Sqrt(2.0 / Draws));
    }

    [Fact]
    public void Exponential_has_the_mean_and_spread_asked_for()
    {
        int[] lengths = Take(LengthSpec.Exponential(4000), Draws);
        Assert.Equal(4000, lengths.Average(), 4 * 4000 / Math.Sqrt(Draws));
        double variance = lengths.Sum(l => Math.Pow(l - 4000, 2)) / Draws;
        Assert.Equal(16e6, variance, 4 * 16e6 * Math.Sqrt(8.0 / Draws));
    }

    [Fact]
    public void Pareto_has_the_tail_asked_for()
    {
        // P(X > x) = (100/x)^1.5, half a token off for rounding.
        int[] lengths = Take(LengthSpec.Pareto(1.5, min: 100, max: int.MaxValue), Draws);
        Assert.Equal(100, lengths.Min());
        foreach (int x in (int[])[150, 400, 1600, 10_000])
        {
            double expected = Math.Pow(100 / (x + 0.5), 1.5);
            Assert.Equal(expected, lengths.Count(l => l > x) / (double)Draws, 4 * Math.Sqrt(expected / Draws));
        }
    }

    [Theory]
    [InlineData(1.2, 1, 100)]
    [InlineData(0, 10, 30)]
    [InlineData(3, 5, 1000)]
    public void Zipf_gives_each_length_its_probability(double shape, int min, int max)
    {
        int[] lengths = Take(LengthSpec.Zipf(shape, min, max), Draws);
        double sum = Enumerable.Range(min, max - min + 1).Sum(k => Math.Pow(k, -shape));
        foreach (int k in (int[])[min, min + 1, min + 7, (min + max) / 2, max])
        {
            double expected = Math.Pow(k, -shape) / sum;
            Assert.Equal(expected, lengths.Count(l => l == k) / (double)Draws, 4 * Math.Sqrt(expected / Draws) + 1e-9);
        }
    }

    [Fact]
    public void Quantiles_are_those_worked_out_by_hand()
    {
        Assert.Equal([512, 640, 384], Quantiles(LengthSpec.Normal(512, 100), 0.5, 0.9, 0.1));
        Assert.Equal([693, 2303, 105], Quantiles(LengthSpec.Exponential(1000), 0.5, 0.9, 0.1)); // 1000·ln 2, 1000·ln 10, 1000·ln(10/9)
        Assert.Equal([200, 1000, 111], Quantiles(LengthSpec.Pareto(1, 100), 0.5, 0.9, 0.1)); // 100/(1 − p)
        Assert.Equal([512, 1427, 184], Quantiles(LengthSpec.Lognormal(705.0894, 0.8), 0.5, 0.9, 0.1)); // median mean·e^(−0.32), e^(±0.8·1.28155)
        Assert.Equal([3, 5, 1], Quantiles(LengthSpec.Uniform(1, 5), 0.5, 0.9, 0.1));

        // Weights 1, 1/2, 1/3 of 11/6: sums 6/11, 9/11, 1.
        Assert.Equal([1, 1, 2, 2, 3], Quantiles(LengthSpec.Zipf(1, 1, 3), 0.1, 0.545, 0.546, 0.818, 0.819));
    }

    [Theory]
    [InlineData(LengthDistribution.Normal)]
    [InlineData(LengthDistribution.Exponential)]
    [InlineData(LengthDistribution.Zipf)]
    [InlineData(LengthDistribution.Pareto)]
    public void What_is_out_of_range_is_cut(LengthDistribution law)
    {
        LengthSpec spec = new() { Distribution = law, Mean = 150, Sigma = 200, Shape = 0.5, Min = 100, Max = 200 };
        int[] lengths = Take(spec, 10_000);
        Assert.Equal((100, 200), (lengths.Min(), lengths.Max()));
    }

    [Theory]
    [InlineData("normal", new[] { 506, 663, 364, 473, 385 })]
    [InlineData("exponential", new[] { 332, 1396, 37, 219, 55 })]
    [InlineData("zipf", new[] { 15, 1674, 1, 6, 1 })]
    [InlineData("pareto", new[] { 99, 394, 67, 85, 69 })]
    public void First_lengths_never_change(string law, int[] expected) => Assert.Equal(expected, Take(
        law switch
        {
            "normal" => LengthSpec.Normal(512, 100),
            "exponential" => LengthSpec.Exponential(512),
            "zipf" => LengthSpec.Zipf(1.1, 1, 4096),
            _ => LengthSpec.Pareto(1.5, 64),
        },
        5));

    [Theory]
    [InlineData("10\n20\n30\n40\n")]
    [InlineData("40,1\n10,1\n30,1\n20,1\n")]
    [InlineData("tokens\n20\n40\n10\n30")]
    [InlineData("weight,name,Tokens\n0.5,a,40\n0.5,b,10\n0.5,c,30\n0.25,d,20\n0.25,e,20\n")]
    public void A_file_gives_its_own_quantiles(string text)
    {
        LengthSpec spec = LengthSpec.Empirical(_folder.Write("lengths.csv", text));
        Assert.Equal([10, 10, 20, 20, 30, 30, 40, 40], Quantiles(spec, 0.01, 0.24, 0.26, 0.49, 0.51, 0.74, 0.76, 0.99));
        Assert.Equal([15, 20, 30, 35], Quantiles(spec with { Min = 15, Max = 35 }, 0.1, 0.4, 0.6, 0.9));
        int[] lengths = Take(spec, Draws);
        Assert.All((int[])[10, 20, 30, 40], length =>
            Assert.Equal(0.25, lengths.Count(l => l == length) / (double)Draws, 4 * Math.Sqrt(0.25 * 0.75 / Draws)));
    }

    [Theory]
    [InlineData("10\n0\n", ":2 tokens", "'0'")]
    [InlineData("10\nx\n", ":2 tokens", "'x'")]
    [InlineData("10,1\n20,-1\n", ":2 weight", "'-1'")]
    [InlineData("10,1\n20,nan\n", ":2 weight", "'nan'")]
    [InlineData("10,1\n20\n", ":2", "'20' with 1 field")]
    [InlineData("1,2,3\n", ":1", "3 fields")]
    [InlineData("size\n10\n", ":1 header", "'size'")]
    [InlineData("\n", "", "no lengths")]
    public void A_bad_file_of_lengths_is_named(string text, string place, string value)
    {
        string path = _folder.Write("lengths.csv", text);
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(() => Take(LengthSpec.Empirical(path), 1)).Problems);
        Assert.Equal(path + place, problem.Field);
        Assert.Equal(value, problem.Value);
    }

    [Fact]
    public void A_missing_file_of_lengths_is_named() => Assert.Contains("no such file",
        Assert.Single(Assert.Throws<ConfigException>(() => Take(LengthSpec.Empirical(_folder["none"]), 1)).Problems).Value);

    [Theory]
    [InlineData(1024, 0.5, 512, 1536)]
    [InlineData(100, 0.333, 66, 134)]
    [InlineData(1, 0.9, 1, 2)]
    [InlineData(7, 0, 7, 7)]
    public void A_range_ratio_spreads_as_vllm_bench_does(int length, double ratio, int least, int most)
    {
        WorkloadSpec workload = new()
        {
            InputLength = LengthSpec.Fixed(length),
            OutputLength = LengthSpec.Fixed(2 * length),
            RangeRatio = ratio,
            NumRequests = 100_000,
        };
        int[] lengths = [.. Sources.Read(workload, seed: 0).Select(r => r.InputTokens)];
        Assert.Equal((least, most), (lengths.Min(), lengths.Max()));
        double values = most - least + 1;
        Assert.Equal((least + most) / 2.0, lengths.Average(), 4 * Math.Sqrt((values * values - 1) / 12 / lengths.Length) + 1e-12);
    }

    public static TheoryData<LengthSpec, string> Wrong => new()
    {
        { LengthSpec.Normal(0, 1), "mean" },
        { LengthSpec.Normal(10, -1), "sigma" },
        { LengthSpec.Exponential(double.NaN), "mean" },
        { LengthSpec.Zipf(-1), "shape" },
        { LengthSpec.Zipf(1, 1, int.MaxValue), "max" },
        { LengthSpec.Pareto(0, 1), "shape" },
        { LengthSpec.Pareto(double.NaN, 1), "shape" },
        { LengthSpec.Pareto(1, 0), "min" },
        { LengthSpec.Empirical(""), "path" },
        { LengthSpec.Empirical("x", 5, 4), "max" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Each_value_out_of_range_is_named(LengthSpec length, string key) => Assert.Equal(
        $"workload.input_len.{key}", Assert.Single(WorkloadChecks.Problems(new WorkloadSpec { InputLength = length })).Field);

    private static int[] Take(LengthSpec spec, int count)
    {
        LengthSampler sampler = Sampler(spec);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Next())];
    }

    private static int[] Quantiles(LengthSpec spec, params double[] probabilities) => [.. probabilities.Select(Sampler(spec).Quantile)];

    private static LengthSampler Sampler(LengthSpec spec) => LengthSampler.Create(spec, new RandomStream(1, LengthSampler.InputStreamName));
}
