using CsCheck;
using LlmSim.Metrics;
using LlmSim.Reporting;
using LlmSim.Scenarios;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Tests.Serving;
using LlmSim.Workloads;

namespace LlmSim.Tests.Metrics;

public sealed class PrefixCacheTests
{
    [Fact]
    public void First_admissions_and_later_ones_count_apart()
    {
        MetricsCollector collector = new(Toy.Limits);
        collector.LookedUp(100, 0, first: true);
        collector.LookedUp(100, 96, first: true);
        collector.LookedUp(120, 112, first: false);
        PrefixCacheSummary cache = Summary(collector)!;
        Assert.Equal((2, 1, 200, 96), (cache.Requests, cache.RequestsWithHit, cache.Queries, cache.Hits));
        Assert.Equal((120, 112, 208), (cache.PreemptedQueries, cache.PreemptedHits, cache.SavedTokens));
        Assert.Equal(0.48, cache.HitRate);
        Assert.Equal(112 / 120.0, cache.PreemptedHitRate);
        Assert.Null(cache.IdealHitRate);
    }

    [Fact]
    public void Without_anything_to_share_and_to_find_there_are_no_figures()
    {
        MetricsCollector collector = new(Toy.Limits);
        collector.Arrived(new ArrivingRequest(SimTime.Zero, 100, 1));
        collector.LookedUp(100, 0, first: true);
        Assert.Null(Summary(collector));
    }

    [Theory]
    [InlineData(16, 0 + 96 + 48 + 0 + 64)]
    [InlineData(1, 0 + 99 + 50 + 0 + 64)]
    [InlineData(32, 0 + 96 + 32 + 0 + 64)]
    public void An_endless_cache_has_whole_blocks_and_never_the_last_token(int blockSize, int hits)
    {
        MetricsCollector collector = new(Toy.Limits with { BlockSize = blockSize });
        var content = new PromptContent([new ContentRun(1, 50), new ContentRun(2, 50)]);
        Arrive(100, content);
        Arrive(100, content);
        Arrive(100, new PromptContent([new ContentRun(1, 50), new ContentRun(3, 50)]));
        Arrive(2000, content); // longer than the engine takes: refused
        Arrive(200, null);
        Arrive(65, content);
        PrefixCacheSummary cache = Summary(collector)!;
        Assert.Equal(hits, cache.IdealHits);
        Assert.Equal(565, cache.PromptTokens);
        Assert.Equal(hits / 565.0, cache.IdealHitRate);
        Assert.Null(cache.HitRate);

        void Arrive(int tokens, PromptContent? shared) =>
            collector.Arrived(new ArrivingRequest(SimTime.Zero, tokens, 4) { Content = shared });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_system_prompt_is_missed_once(bool stepByStep)
    {
        PrefixCacheSummary cache = Run(new WorkloadSpec { NumRequests = 100, Prefix = PrefixSpec.Fixed(1000) }, stepByStep)!;
        Assert.Equal(99 * 992, cache.IdealHits); // 62 whole blocks of 16
        Assert.Equal(100 * 1512, cache.PromptTokens);

        // A block is found from the moment its owner is scheduled, so a cache that is large enough has as much.
        Assert.Equal((100, 99, 100 * 1512, 99 * 992), (cache.Requests, cache.RequestsWithHit, cache.Queries, cache.Hits));
        Assert.Equal((0, 0, 99 * 992), (cache.PreemptedQueries, cache.PreemptedHits, cache.SavedTokens));
    }

    [Fact]
    public void An_engine_that_caches_nothing_asks_nothing()
    {
        SimulatorConfig config = DefaultScenario.Create() with
        {
            Workload = new WorkloadSpec { NumRequests = 100, Prefix = PrefixSpec.Fixed(1000) },
            Scheduler = new SchedulerSpec { EnablePrefixCaching = false },
        };
        SimulationStatistics statistics = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        PrefixCacheSummary cache = statistics.PrefixCache!;
        Assert.Equal((0, 0, 0, 99 * 992), (cache.Requests, cache.Queries, cache.SavedTokens, cache.IdealHits));
        using var screen = new StringWriter();
        ConsoleReport.Write(screen, config, statistics);
        Assert.Contains($"Prefixes   not cached; an endless cache would have {99 * 992 / 151_200.0:0.0%}", screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_prompts_share_nothing_only_those_thrown_out_are_told_of()
    {
        SimulatorConfig config = DefaultScenario.Create() with
        {
            Workload = new WorkloadSpec { NumRequests = 300, RequestRatePerSecond = 50, OutputLength = LengthSpec.Fixed(1000) },
        };
        SimulationStatistics statistics = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        PrefixCacheSummary cache = statistics.PrefixCache!;
        Assert.Equal((0, 0), (cache.Hits, cache.IdealHits));
        Assert.InRange(cache.PreemptedHits, 1, cache.PreemptedQueries);
        using var screen = new StringWriter();
        ConsoleReport.Write(screen, config, statistics);
        Assert.Contains($"Prefixes   requests thrown out found {cache.PreemptedHitRate:0.0%} of their tokens", screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_cache_has_more_than_an_endless_one() =>
        Gen.OneOf(EngineScenario.Drawn, EngineScenario.Conversations)
            .Where(s => s.Limits is { Order: null, Shares: null, EnablePrefixCaching: true, EnableChunkedPrefill: true }).Sample(
            scenario =>
            {
                var collector = new MetricsCollector(scenario.Limits);
                scenario.Run(stepByStep: false, collector);
                PrefixCacheTally cache = collector.PrefixCache;
                Assert.InRange(cache.Hits, 0, cache.IdealHits);
                Assert.InRange(cache.Queries, 0, cache.PromptTokens);
                Assert.InRange(cache.PreemptedHits, 0, cache.PreemptedQueries);
            },
            iter: 1000);

    [Fact]
    public void Prompts_that_come_again_are_known_but_for_their_last_block()
    {
        PrefixCacheSummary cache = Run(new WorkloadSpec { NumRequests = 1000, DistinctPrompts = 100 }, stepByStep: false)!;
        Assert.Equal((900, 900 * 496), (cache.RequestsWithHit, cache.Hits));
        Assert.Equal(900 * 496, cache.IdealHits); // of 512 tokens all blocks but the one with the last token
        Assert.Null(Run(new WorkloadSpec { NumRequests = 10 }, stepByStep: false));
    }

    [Fact]
    public void Results_tell_it_only_where_there_is_something_to_tell()
    {
        SimulatorConfig config = DefaultScenario.Create() with { Workload = new() { NumRequests = 10, Prefix = PrefixSpec.Fixed(160) } };
        SimulationStatistics shared = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        Assert.Contains("\"ideal_hits\": 1440,", Json(shared), StringComparison.Ordinal);
        Assert.DoesNotContain("prefix", Json(Toy.Statistics()), StringComparison.Ordinal);
        using var screen = new StringWriter();
        ConsoleReport.Write(screen, config, shared);
        Assert.Contains("input 512, output 128 tokens, after a prefix of 160", screen.ToString().ReplaceLineEndings(" ").Replace("  ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Prefixes   ", screen.ToString(), StringComparison.Ordinal);
        Assert.Contains($"{1440 / 6720.0:0.0%} of the prompt tokens", screen.ToString(), StringComparison.Ordinal);

        static string Json(SimulationStatistics s) => System.Text.Encoding.UTF8.GetString(
            ResultJson.ToUtf8(s, 0, "", json => json.WriteNullValue()));
    }

    private static PrefixCacheSummary? Run(WorkloadSpec workload, bool stepByStep) => new LlmInferenceSimulator(
        DefaultScenario.Create() with { Workload = workload, StepByStep = stepByStep }).Run().ComputeStatistics().PrefixCache;

    private static PrefixCacheSummary? Summary(MetricsCollector collector) =>
        new SimulationMetrics(collector, Toy.Limits, null, isPartial: false).ComputeStatistics().PrefixCache;
}
