using LlmSim.Metrics;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Tests.Metrics;

/// <summary>A policy that starves somebody says so.</summary>
public sealed class StarvationTests
{
    [Fact]
    public void A_class_whose_queue_grows_while_another_keeps_pace_starves()
    {
        SimulationStatistics s = Run(SchedulingPolicy.Priority);
        Assert.Contains(s.Warnings, w => w.StartsWith("Starvation: the queue of class background grew by ", StringComparison.Ordinal)
            && w.Contains("while interactive kept pace", StringComparison.Ordinal));
        Assert.True(s.Classes[1].QueueTime.Mean.Seconds > 20 * s.Classes[0].QueueTime.Mean.Seconds);
        Assert.True(s.Classes[0].Goodput!.TtftShare > 0.9 && s.Classes[1].Goodput!.TtftShare < 0.5);
    }

    [Fact]
    public void First_come_first_served_is_overloaded_but_starves_nobody()
    {
        SimulationStatistics s = Run(SchedulingPolicy.Fcfs);
        Assert.Contains(s.Warnings, w => w.StartsWith("Overload", StringComparison.Ordinal));
        Assert.DoesNotContain(s.Warnings, w => w.StartsWith("Starvation", StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_request_that_all_others_pass_starves()
    {
        SimulatorConfig config = Config(SchedulingPolicy.Sjf) with
        {
            Workload = new WorkloadSpec { RequestRatePerSecond = 3.6, NumRequests = 2000, OutputLength = LengthSpec.Lognormal(80, 1.2, max: 3000) },
        };
        SimulationStatistics s = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        string warning = Assert.Single(s.Warnings, w => w.StartsWith("Starvation: a request waited ", StringComparison.Ordinal));
        Assert.Contains($"{s.QueueTime.Max.Seconds:0.###} s", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_queue_refuses_instead_of_growing()
    {
        SimulatorConfig config = Config(SchedulingPolicy.Fcfs);
        SimulationStatistics s = new LlmInferenceSimulator(
            config with { Scheduler = config.Scheduler with { MaxQueuedRequests = 8 } }).Run().ComputeStatistics();
        Assert.True(s.QueueFullRejections > 100 && s.QueueFullRejections == s.RejectedRequests);
        Assert.Equal(s.TotalRequests, s.CompletedRequests + s.RejectedRequests);
        Assert.Equal(s.RejectedRequests, s.Classes.Sum(c => c.RejectedRequests));
        Assert.False(s.Queue!.IsBeyondCapacity);
        Assert.InRange(s.WaitingRequests.Max, 1, 8);
        Assert.Contains(s.Warnings, w => w.EndsWith("rejected: 8 were waiting, as many as max_queued_requests allows.", StringComparison.Ordinal));
    }

    private static SimulationStatistics Run(SchedulingPolicy policy) => new LlmInferenceSimulator(Config(policy)).Run().ComputeStatistics();

    private static SimulatorConfig Config(SchedulingPolicy policy) => DefaultScenario.Create() with
    {
        Scheduler = new SchedulerSpec { Policy = policy, MaxNumSeqs = 4 },
        Objectives = new SloSpec { TtftMilliseconds = 2000 },
        Workload = new WorkloadSpec
        {
            RequestRatePerSecond = 4,
            NumRequests = 3000,
            Classes =
            [
                new() { Name = "interactive", Share = 0.3, Priority = 0 },
                new() { Name = "background", Share = 0.7, Priority = 10 },
            ],
        },
    };
}
