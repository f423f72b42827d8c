using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class PairTests : IDisposable
{
    private const int Draws = 50_000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.7)]
    [InlineData(-0.4)]
    [InlineData(0.01)]
    public void Lengths_have_the_rank_correlation_asked_for_and_keep_their_laws(double correlation)
    {
        WorkloadSpec workload = new()
        {
            InputLength = LengthSpec.Lognormal(5000, 1),
            OutputLength = LengthSpec.Exponential(3000),
            LengthCorrelation = correlation,
            NumRequests = Draws,
        };
        List<ArrivingRequest> requests = Sources.Read(workload, seed: 0);
        double actual = RankCorrelation(requests);
        Assert.Equal(correlation, actual, 4 / Math.Sqrt(Draws));
        Assert.Equal(3000, requests.Average(r => r.OutputTokens), 4 * 3000 / Math.Sqrt(Draws));
        Assert.Equal(Sources.Read(workload with { LengthCorrelation = 0 }, seed: 0).Select(r => r.InputTokens), requests.Select(r => r.InputTokens));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_perfect_correlation_orders_them(double correlation)
    {
        WorkloadSpec workload = new()
        {
            InputLength = LengthSpec.Uniform(1, 1_000_000),
            OutputLength = LengthSpec.Pareto(1, 1_000_000, int.MaxValue),
            LengthCorrelation = correlation,
        };
        int[] outputs = [.. Sources.Read(workload, seed: 0).OrderBy(r => r.InputTokens).Select(r => r.OutputTokens)];
        Assert.Equal(correlation > 0 ? outputs.Order() : outputs.OrderDescending(), outputs);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1.959963984540054, 0.975)]
    [InlineData(-3, 0.0013498980316300945)]
    [InlineData(-6.361340902404056, 1e-10)]
    [InlineData(-8.222082216130435, 1e-16)]
    [InlineData(40, 1)]
    [InlineData(-40, 0)]
    public void Normal_probability_agrees_with_tables(double x, double expected)
    {
        Assert.Equal(expected, NormalProbability.At(x), 1e-15);
        Assert.Equal(expected, NormalProbability.At(x), 1e-8 * expected); // in the tail
    }

    [Theory]
    [InlineData("10,1\n20,2\n")]
    [InlineData("input_tokens,output_tokens\n20,2\n10,1\n")]
    [InlineData("output_tokens,weight,input_tokens\n1,3,10\n2,3,20\n")]
    [InlineData("TIMESTAMP,ContextTokens,GeneratedTokens\nlate,10,1\nnever,20,2\n")]
    [InlineData("{\"timestamp\": 0, \"input_length\": 10, \"output_length\": 1}\n{\"timestamp\": 5, \"input_length\": 20, \"output_length\": 2}")]
    [InlineData("[{\"input_tokens\": 10, \"output_tokens\": 1}, {\"id\": 5, \"input_tokens\": 20, \"output_tokens\": 2}]")]
    public void Pairs_come_from_any_kind_of_file(string text)
    {
        WorkloadSpec workload = new() { DatasetPath = _folder.Write("pairs", text), NumRequests = 10_000 };
        List<ArrivingRequest> requests = Sources.Read(workload, seed: 0);
        Assert.All(requests, r => Assert.True((r.InputTokens, r.OutputTokens) is (10, 1) or (20, 2)));
        Assert.Equal(0.5, requests.Count(r => r.InputTokens == 10) / 1e4, 0.02);
        Assert.Equal(Sources.Read(new WorkloadSpec(), seed: 0).Select(r => r.Arrival), requests.Take(1000).Select(r => r.Arrival));

        string packed = _folder.WriteBytes("pairs.gz", TempFolder.Gzip(text));
        Assert.Equal(requests, Sources.Read(workload with { DatasetPath = packed }, seed: 0));
    }

    [Fact]
    public void Conversations_are_measured_by_their_first_two_turns()
    {
        const string text = """
            [
              {"id": "a", "conversations": [{"from": "human", "value": "0123456789"}, {"from": "gpt", "value": ""}, {"from": "human", "value": "more"}]},
              {"id": "b", "conversations": [{"from": "human", "value": "no answer"}]},
              {"id": "c", "conversations": []}
            ]
            """;
        WorkloadSpec workload = new() { DatasetPath = _folder.Write("chat.json", text) };
        Assert.All(Sources.Read(workload, seed: 0), r => Assert.Equal((3, 1), (r.InputTokens, r.OutputTokens)));
    }

    [Theory]
    [InlineData("[]", "", "0 conversations, none with a prompt and an output")]
    [InlineData("[\n{\"input_tokens\": 0, \"output_tokens\": 5}]", "[0].input_tokens", "0")]
    [InlineData("[\n{\"conversations\": 5}]", ":2", "this text")]
    [InlineData("[\n{},\n{", ":3", "this text")]
    [InlineData("10\n", ":1", "1 fields")]
    [InlineData("a,b\n", ":1 header", "'a,b'")]
    [InlineData("10,0\n", ":1 output_tokens", "'0'")]
    [InlineData("{\"input_length\": 10}\n", ":1 timestamp", "''")]
    public void A_bad_file_of_pairs_is_named(string text, string place, string value)
    {
        string path = _folder.Write("pairs", text);
        ConfigException error = Assert.Throws<ConfigException>(() => Sources.Read(new WorkloadSpec { DatasetPath = path }, seed: 0));
        Assert.Equal(path + place, error.Problems[0].Field);
        Assert.StartsWith(value, error.Problems[0].Value);
    }

    [Fact]
    public void A_missing_data_set_is_named()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Sources.Read(new WorkloadSpec { DatasetPath = _folder["none"] }, seed: 0));
        Assert.Equal("workload.dataset", Assert.Single(error.Problems).Field);
    }

    [Fact]
    public void First_pairs_never_change()
    {
        WorkloadSpec drawn = new()
        {
            InputLength = LengthSpec.Lognormal(512, 0.8),
            OutputLength = LengthSpec.Lognormal(128, 0.8),
            LengthCorrelation = 0.5,
            NumRequests = 4,
        };
        Assert.Equal(
            ["325918144 424 193", "1312062568 148 91", "1519541618 593 100", "1931645322 160 29"],
            Sources.Read(drawn, seed: 0).Select(Sources.Show));
        string path = _folder.Write("pairs", string.Concat(Enumerable.Range(1, 100).Select(i => $"{i},{2 * i},{i}\n")));
        Assert.Equal(
            ["325918144 41 82", "1312062568 40 80", "1519541618 82 164", "1931645322 56 112"],
            Sources.Read(new WorkloadSpec { DatasetPath = path, NumRequests = 4 }, seed: 0).Select(Sources.Show));
    }

    public static TheoryData<WorkloadSpec, string> Wrong => new()
    {
        { new() { LengthCorrelation = 1.1 }, "workload.length_correlation" },
        { new() { LengthCorrelation = double.NaN }, "workload.length_correlation" },
        { new() { LengthCorrelation = 0.5, DatasetPath = "d" }, "workload.length_correlation" },
        { new() { DatasetPath = "" }, "workload.dataset" },
        { new() { RangeRatio = 1 }, "workload.range_ratio" },
        { new() { RangeRatio = double.NaN }, "workload.range_ratio" },
        { new() { RangeRatio = 0.5, InputLength = LengthSpec.Uniform(1, 2) }, "workload.range_ratio" },
        { new() { RangeRatio = 0.5, DatasetPath = "d" }, "workload.range_ratio" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Each_value_out_of_range_is_named(WorkloadSpec workload, string field) =>
        Assert.Equal(field, Assert.Single(WorkloadChecks.Problems(workload)).Field);

    private static double RankCorrelation(List<ArrivingRequest> requests)
    {
        double[] x = Ranks(requests, r => r.InputTokens), y = Ranks(requests, r => r.OutputTokens);
        double mean = (requests.Count - 1) / 2.0;
        double covariance = x.Zip(y).Sum(p => (p.First - mean) * (p.Second - mean));
        return covariance / Math.Sqrt(x.Sum(a => Math.Pow(a - mean, 2)) * y.Sum(b => Math.Pow(b - mean, 2)));
    }

    private static double[] Ranks(List<ArrivingRequest> requests, Func<ArrivingRequest, int> length)
    {
        double[] ranks = new double[requests.Count];
        foreach (var tied in requests.Index().OrderBy(r => length(r.Item)).Index().GroupBy(r => length(r.Item.Item)))
        {
            double rank = tied.Average(r => r.Index);
            foreach (var one in tied)
            {
                ranks[one.Item.Index] = rank;
            }
        }

        return ranks;
    }
}
