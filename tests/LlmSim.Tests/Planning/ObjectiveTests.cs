using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Planning.Objectives;
using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Tests.Planning;

/// <summary>Objectives are read as written and judge runs as they say.</summary>
public sealed class ObjectiveTests
{
    [Fact]
    public void Objectives_are_read_with_their_units()
    {
        IReadOnlyList<LatencyObjective> all = ObjectiveText.Parse("--slo", "ttft.p99:500ms,tpot.p90:0.05s itl.p99.9:2000us, e2e.mean:8000 queue.median:1s");
        Assert.Equal(
        [
            new(LatencyMeasure.FirstToken, 99, SimTime.FromSeconds(0.5)), new(LatencyMeasure.PerOutputToken, 90, SimTime.FromSeconds(0.05)),
            new(LatencyMeasure.InterToken, 99.9, SimTime.FromSeconds(0.002)), new(LatencyMeasure.EndToEnd, null, SimTime.FromSeconds(8)),
            new(LatencyMeasure.Queue, 50, SimTime.FromSeconds(1)),
        ], all);
        Assert.Equal("ttft.p99:500ms", all[0].ToString());
        Assert.Equal("e2el.mean:8000ms", all[3].ToString());
    }

    [Theory]
    [InlineData("ttf.p99:500", "Did you mean ttft?")]
    [InlineData("ttft:500", "Say which: ttft.p99 or ttft.mean.")]
    [InlineData("ttft.p0:500", "mean, median or a percentile")]
    [InlineData("ttft.p101:500", "mean, median or a percentile")]
    [InlineData("ttft.p99", "a time above 0")]
    [InlineData("ttft.p99:0", "a time above 0")]
    [InlineData("ttft.p99:-5ms", "a time above 0")]
    [InlineData("ttft.p99:5h", "a time above 0")]
    [InlineData("ttft.p99:1,ttft.p99:2", "ttft.p99 once")]
    [InlineData(" , ", "at least one objective")]
    public void What_is_wrong_is_said(string text, string words)
    {
        var refused = Assert.Throws<ConfigException>(() => ObjectiveText.Parse("--slo", text));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once() =>
        Assert.Equal(3, Assert.Throws<ConfigException>(() => ObjectiveText.Parse("--slo", "x.p99:1 ttft:1 tpot.p99:z")).Problems.Count);

    [Fact]
    public void Requests_that_are_given_up_are_slower_than_any_bound()
    {
        // One request in so many waits too long and is given up; the percentiles of the rest move up by as much.
        SimulationStatistics s = Run(workload => workload with { RequestRatePerSecond = 40, TimeoutSeconds = 20, NumRequests = 2000 });
        double lost = s.AbortedRequests / (double)s.TotalRequests;
        Assert.InRange(lost, 0.05, 0.9);
        var median = new LatencyObjective(LatencyMeasure.EndToEnd, 100 * (1 - lost) / 2, SimTime.FromSeconds(1));
        Assert.Equal(s.EndToEndLatency.P50.Seconds, median.Seconds(s), 1e-6);
        Assert.Equal(double.PositiveInfinity, new LatencyObjective(LatencyMeasure.EndToEnd, 100 * (1 - (lost / 2)), SimTime.FromSeconds(1)).Seconds(s));
        Assert.Equal(double.PositiveInfinity, new LatencyObjective(LatencyMeasure.EndToEnd, null, SimTime.FromSeconds(1)).Seconds(s));
    }

    [Fact]
    public void The_worst_goal_is_told_and_a_growing_queue_is_one()
    {
        var loose = new ServiceGoal([new(LatencyMeasure.FirstToken, 99, SimTime.FromSeconds(10)), new(LatencyMeasure.EndToEnd, null, SimTime.FromSeconds(2))]);
        GoalVerdict light = loose.Judge(Run(workload => workload with { RequestRatePerSecond = 2 }));
        Assert.True(light.IsKept);
        Assert.Equal("e2el.mean", light.Name);
        SimulationStatistics overloaded = Run(workload => workload with { RequestRatePerSecond = 25, NumRequests = 4000 });
        Assert.False(loose.Judge(overloaded).IsKept);
        GoalVerdict pace = new ServiceGoal([]).Judge(overloaded);
        Assert.True(pace is { IsKept: false, IsPace: true });
        Assert.True(new ServiceGoal([]).Judge(overloaded, judgesPace: false).IsKept);
    }

    [Fact]
    public void Goodput_counts_what_misses_over_what_may()
    {
        SimulatorConfig config = Scenario(workload => workload with { RequestRatePerSecond = 10, NumRequests = 2000 }) with
        {
            Objectives = new SloSpec { TtftMilliseconds = 100 },
        };
        SimulationStatistics s = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        double missed = 1 - s.Goodput!.Share;
        Assert.InRange(missed, 0.01, 0.9);
        Assert.Equal(missed / 0.2, new ServiceGoal([], 0.8).Judge(s).Ratio, 1e-9);
        Assert.False(new ServiceGoal([], 1).Judge(s).IsKept);
    }

    [Fact]
    public void Goodput_without_objectives_takes_those_of_the_percentiles()
    {
        var goal = new ServiceGoal(ObjectiveText.Parse("--slo", "ttft.p99:500ms,ttft.p50:100ms,tpot.p90:50ms"), 0.99);
        Assert.Equal(new SloSpec { TtftMilliseconds = 100, TpotMilliseconds = 50 }, goal.RequestObjectives("--goodput"));
        var gaps = new ServiceGoal(ObjectiveText.Parse("--slo", "itl.p99:50ms"), 0.99);
        Assert.Throws<ConfigException>(() => gaps.RequestObjectives("--goodput"));
        Assert.Throws<ConfigException>(() => new ServiceGoal([], 0.99).RequestObjectives("--goodput"));
    }

    private static SimulatorConfig Scenario(Func<WorkloadSpec, WorkloadSpec> change) => new()
    {
        Model = ModelCatalog.Get("llama-2-7b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("a100-80gb-sxm") },
        Workload = change(new WorkloadSpec()),
    };

    private static SimulationStatistics Run(Func<WorkloadSpec, WorkloadSpec> change) => new LlmInferenceSimulator(Scenario(change)).Run().ComputeStatistics();
}
