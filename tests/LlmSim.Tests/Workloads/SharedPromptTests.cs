using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class SharedPromptTests
{
    private static readonly WorkloadSpec Drawn = new() { NumRequests = 5000, InputLength = LengthSpec.Uniform(1, 900) };

    private static readonly WorkloadSpec TenPrefixes = Drawn with { Prefix = new PrefixSpec { Tokens = 100, Count = 10 } };

    [Fact]
    public void A_prefix_comes_on_top_of_the_length_and_is_described_once()
    {
        List<ArrivingRequest> plain = Sources.Read(Drawn, seed: 1);
        List<ArrivingRequest> prefixed = Sources.Read(Drawn with { Prefix = PrefixSpec.Fixed(1000) }, seed: 1);
        Assert.All(plain, r => Assert.Null(r.Content));
        Assert.Equal(plain, prefixed.Select(r => r with { InputTokens = r.InputTokens - 1000, Content = null }));
        PromptContent content = Assert.Single(prefixed.Select(r => r.Content).Distinct())!;
        Assert.Equal(1000, Assert.Single(content.Runs.ToArray()).Tokens);
    }

    [Fact]
    public void Requests_are_the_same_whichever_prefix_they_have() =>
        Assert.Equal(Sources.Read(Drawn, seed: 1), Sources.Read(TenPrefixes, seed: 1)
            .Select(r => r with { InputTokens = r.InputTokens - 100, Content = null }));

    [Fact]
    public void The_same_seed_gives_the_same_contents_and_another_seed_others()
    {
        Assert.Equal(Segments(TenPrefixes, seed: 3), Segments(TenPrefixes, seed: 3));
        Assert.NotEqual(Segments(TenPrefixes, seed: 3), Segments(TenPrefixes, seed: 4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Prefixes_are_chosen_as_their_power_says(double skew)
    {
        WorkloadSpec workload = TenPrefixes with { Prefix = TenPrefixes.Prefix! with { Skew = skew }, NumRequests = 50_000 };
        Dictionary<long, int> counts = Segments(workload, seed: 0).CountBy(s => s).ToDictionary();
        double sum = Enumerable.Range(1, 10).Sum(k => Math.Pow(k, -skew));
        for (int k = 1; k <= 10; k++)
        {
            double share = Math.Pow(k, -skew) / sum;
            Assert.Equal(share, counts.GetValueOrDefault(k) / 50_000.0, 4 * Math.Sqrt(share / 50_000));
        }
    }

    [Fact]
    public void A_class_has_prefixes_of_its_own_or_shares_those_of_all()
    {
        WorkloadSpec workload = Drawn with
        {
            Prefix = PrefixSpec.Fixed(10),
            Classes =
            [
                new() { Name = "a", Share = 0.3 }, new() { Name = "b", Share = 0.3 },
                new() { Name = "c", Share = 0.2, Prefix = new PrefixSpec { Tokens = 20, Count = 2 } },
                new() { Name = "d", Share = 0.2, Prefix = PrefixSpec.Fixed(0) },
            ],
        };
        ILookup<int, ContentRun?> runs = Sources.Read(workload, seed: 0)
            .ToLookup(r => (int)r.Class, r => r.Content is { } content ? content.Runs[0] : (ContentRun?)null);
        Assert.Equal([new ContentRun(1, 10)], runs[0].Distinct());
        Assert.Equal(runs[0].Distinct(), runs[1].Distinct());
        Assert.Equal([new ContentRun(2, 20), new ContentRun(3, 20)], runs[2].Distinct().OrderBy(r => r!.Value.Segment));
        Assert.Equal([null], runs[3].Distinct());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    public void The_same_prompts_come_again_and_again(int prefix)
    {
        WorkloadSpec workload = Drawn with { Prefix = new PrefixSpec { Tokens = prefix, Count = prefix == 0 ? 1 : 3 } };
        List<ArrivingRequest> all = Sources.Read(workload, seed: 5);
        List<ArrivingRequest> cycled = Sources.Read(workload with { DistinctPrompts = 7 }, seed: 5);
        Assert.Equal(all.Select(r => r.Arrival), cycled.Select(r => r.Arrival));
        Assert.Equal(all.Take(7).Select(r => r.InputTokens), cycled.Take(7).Select(r => r.InputTokens));
        Assert.All(cycled.Zip(cycled[7..]), pair => Assert.Equal(pair.First with { Arrival = pair.Second.Arrival }, pair.Second));
        Assert.Equal(7, cycled.Select(r => r.Content).Distinct().Count());
        Assert.All(cycled, r => Assert.Equal(r.InputTokens, r.Content!.Tokens));
        Assert.Equal(7, cycled.Select(r => r.Content!.Runs[^1].Segment).Distinct().Count());
    }

    [Fact]
    public void Sharing_costs_no_memory_a_request()
    {
        WorkloadSpec workload = TenPrefixes with { DistinctPrompts = 50 };
        using RequestSource source = RequestSources.Create(workload, seed: 0);
        for (int i = 0; i < 50; i++)
        {
            Assert.True(source.TryNext(out _));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        while (source.TryNext(out _))
        {
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(-1, 1, 0.0, "workload.prefix_len")]
    [InlineData(1_000_000_001, 1, 0.0, "workload.prefix_len")]
    [InlineData(10, 0, 0.0, "workload.num_prefixes")]
    [InlineData(10, 1_048_577, 0.0, "workload.num_prefixes")]
    [InlineData(0, 2, 0.0, "workload.num_prefixes")]
    [InlineData(10, 2, -0.1, "workload.prefix_skew")]
    [InlineData(10, 2, double.NaN, "workload.prefix_skew")]
    [InlineData(10, 1, 1.0, "workload.prefix_skew")]
    public void Each_value_out_of_range_is_named(int tokens, int count, double skew, string field)
    {
        var prefix = new PrefixSpec { Tokens = tokens, Count = count, Skew = skew };
        Assert.Equal([field], WorkloadChecks.Problems(Drawn with { Prefix = prefix }).Select(p => p.Field));
        WorkloadSpec ofClass = Drawn with { Classes = [new() { Name = "a", Share = 1, Prefix = prefix }] };
        Assert.Equal([field.Replace("workload", "workload.classes[0]", StringComparison.Ordinal)],
            WorkloadChecks.Problems(ofClass).Select(p => p.Field));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_048_577)]
    public void So_must_the_number_of_prompts(int count) => Assert.Equal(
        "workload.distinct_prompts", Assert.Single(WorkloadChecks.Problems(Drawn with { DistinctPrompts = count })).Field);

    [Fact]
    public void A_prefix_that_leaves_no_room_is_a_mistake()
    {
        SimulatorConfig config = DefaultScenario.Create() with { Workload = new WorkloadSpec { Prefix = PrefixSpec.Fixed(3584) } };
        Assert.Equal("workload.input_len", Assert.Single(ConfigValidator.Validate(config)).Field);
        Assert.Empty(ConfigValidator.Validate(config with { Workload = new WorkloadSpec { Prefix = PrefixSpec.Fixed(3583) } }));
    }

    [Fact]
    public void The_longest_lengths_do_not_wrap_around()
    {
        WorkloadSpec workload = new() { NumRequests = 1, InputLength = LengthSpec.Fixed(int.MaxValue), Prefix = PrefixSpec.Fixed(1_000_000_000) };
        Assert.Equal(int.MaxValue, Assert.Single(Sources.Read(workload, seed: 0)).InputTokens);
    }

    [Fact]
    public void Keys_are_written_and_read_back()
    {
        const string text = """
            {"workload": {"prefix_len": 100, "num_prefixes": 5, "prefix_skew": 1.5, "distinct_prompts": 40,
             "classes": [{"name": "a", "share": 1, "prefix_len": 7}]}}
            """;
        SimulatorConfig config = ScenarioJson.Parse(text);
        Assert.Equal(new PrefixSpec { Tokens = 100, Count = 5, Skew = 1.5 }, config.Workload.Prefix);
        Assert.Equal(40, config.Workload.DistinctPrompts);
        Assert.Equal(PrefixSpec.Fixed(7), config.Workload.Classes[0].Prefix);
        SimulatorConfig again = ScenarioJson.Parse(ScenarioJson.Write(config));
        Assert.Equal(config.Workload.Classes, again.Workload.Classes);
        Assert.Equal(config.Workload with { Classes = [] }, again.Workload with { Classes = [] });
        Assert.DoesNotContain("\"prefix", ScenarioJson.Write(DefaultScenario.Create()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_has_contents_of_its_own() => Assert.Equal(
        ["workload.distinct_prompts", "workload.prefix_len"],
        Assert.Throws<ConfigException>(() => ScenarioJson.Parse("""{"workload": {"trace": "t.csv", "prefix_len": 1, "distinct_prompts": 2}}"""))
            .Problems.Select(p => p.Field.Split(' ')[^1]).Order());

    private static List<long> Segments(WorkloadSpec workload, ulong seed) =>
        [.. Sources.Read(workload, seed).Select(r => r.Content!.Runs[0].Segment)];
}
