using LlmSim.Planning.Comparing;
using LlmSim.Reporting.Comparing;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Planning.Comparing;

/// <summary>Differences that are known beforehand.</summary>
public sealed class DifferenceTests
{
    [Theory]
    [InlineData(UncertaintyMode.Off)]
    [InlineData(UncertaintyMode.Fast)]
    public void A_knob_that_does_nothing_makes_no_difference_at_all(UncertaintyMode mode)
    {
        ScenarioComparison comparison = Pairs.Compare(Pairs.Base, Pairs.Base with { Scheduler = Pairs.Base.Scheduler with { MaxQueuedRequests = 100_000 } }, mode);
        Assert.Equal("scheduler.max_queued_requests", Assert.Single(comparison.Keys).Key);
        Assert.All(comparison.Differences(1), one => Assert.Equal(
            (Verdict.None, 0, 0, 0), (one.Difference.Verdict, one.Difference.Change, one.Difference.Low, one.Difference.High)));
    }

    [Fact]
    public void A_second_GPU_is_found_to_be_faster()
    {
        (SimulatorConfig a, SimulatorConfig b) = Pairs.All[0];
        var verdicts = Pairs.Compare(a, b, UncertaintyMode.Fast).Differences(1).ToDictionary(one => one.Figure.Key, one => one.Difference.Verdict);
        Assert.Equal(Verdict.Better, verdicts["tpot_mean"]);
        Assert.Equal(Verdict.Better, verdicts["ttft_mean"]);
        Assert.Equal(Verdict.Better, verdicts["e2el_p99"]);
        Assert.Equal(Verdict.Less, verdicts["kv_cache_usage"]);
        Assert.Equal(Verdict.None, verdicts["request_throughput"]); // All are served in time either way.
    }

    [Fact]
    public void The_parts_of_latency_add_up()
    {
        foreach (ContenderRuns run in Pairs.Compare(Pairs.All[0].A, Pairs.All[0].B).Runs)
        {
            Assert.Equal(run.Statistics.EndToEndLatency.Mean.Seconds, LatencyPart.All.Sum(part => part.Of(run.Statistics)), 9);
            Assert.Equal(GpuTime.Total(run)!.Value, GpuTime.ByOperator(run).Values.Sum(), 9);
            Assert.Equal(GpuTime.Total(run)!.Value, Enum.GetValues<LlmSim.Costs.CostClass>().Sum(one => GpuTime.Of(run, one)!.Value), 9);
        }
    }

    [Fact]
    public void What_one_never_has_is_real_if_the_other_has_it_every_time()
    {
        SimulatorConfig busy = Pairs.Base with
        {
            Workload = Pairs.Base.Workload with { RequestRatePerSecond = double.PositiveInfinity },
            Scheduler = Pairs.Base.Scheduler with { MaxModelLen = 8192, MaxNumSeqs = 256 },
        };
        SimulatorConfig small = busy with { Scheduler = busy.Scheduler with { NumGpuBlocksOverride = 4000 } };
        Difference difference = Pairs.Compare(busy, small, UncertaintyMode.Fast).Differences(1).Single(one => one.Figure.Key == "preemptions").Difference;
        Assert.Equal((0, Verdict.Worse, null, null), (difference.Before, difference.Verdict, difference.Change, difference.Low));
        Assert.True(difference.After > 0);
    }

    [Fact]
    public void Beyond_capacity_no_latency_has_a_difference_with_a_size()
    {
        SimulatorConfig b = Pairs.Base with { Workload = Pairs.Base.Workload with { RequestRatePerSecond = 200 }, Scheduler = Pairs.Base.Scheduler with { MaxNumSeqs = 32 } };
        ScenarioComparison comparison = Pairs.Compare(Pairs.Base, b, UncertaintyMode.Fast);
        Assert.All(comparison.Differences(1).Where(one => one.Figure.IsLatency), one => Assert.Equal(
            (Verdict.NotSteady, null, null), (one.Difference.Verdict, one.Difference.Change, one.Difference.Low)));
        Assert.Contains(ComparisonWords.Warnings(comparison), warning => warning.StartsWith("B is beyond capacity: ", StringComparison.Ordinal));
        Assert.Contains(comparison.Differences(1), one => one.Figure.Key == "request_throughput" && one.Difference.Verdict == Verdict.More);
    }

    [Fact]
    public void A_trace_is_cut_into_slices_to_see_what_chance_does()
    {
        SimulatorConfig a = Pairs.Base with { Workload = new WorkloadSpec { Trace = new TraceSpec { Path = Checkout.At("samples", "traces", "chat-2min.csv") } } };
        SimulatorConfig b = a with { Scheduler = a.Scheduler with { MaxNumBatchedTokens = 256 } };
        ScenarioComparison comparison = Pairs.Compare(a, b);
        Assert.Equal(Replications.Count, comparison.Runs[0].Replications.Count);
        Assert.Equal(17 * Replications.Count, comparison.Runs[1].Replications.Sum(run => run.TotalRequests));
        Difference ttft = comparison.Differences(1).Single(one => one.Figure.Key == "ttft_mean").Difference;
        Assert.True(ttft is { Verdict: Verdict.Worse, Noise: > 0 }, $"{ttft}");
    }

    [Fact]
    public void It_does_not_depend_on_how_many_cores_there_are()
    {
        (SimulatorConfig a, SimulatorConfig b) = Pairs.All[0];
        Assert.Equal(ComparisonJson.ToUtf8(Pairs.Compare(a, b, UncertaintyMode.Fast, threads: 1), "0"),
            ComparisonJson.ToUtf8(Pairs.Compare(a, b, UncertaintyMode.Fast, threads: 8), "0"));
    }
}
