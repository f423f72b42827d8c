using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Two replicas of one seat each; a step takes 100 ns, so a request lives 100 ns a token.</summary>
public sealed class RouterTests
{
    private static readonly EngineLimits Limits = new()
    {
        MaxNumSeqs = 1,
        MaxNumBatchedTokens = 1000,
        MaxModelLen = 1000,
        UsableBlocks = 100,
        BlockSize = 16,
    };

    /// <summary>The first request takes 10,000 ns, the second 100; the third finds the first replica busy, the second free.</summary>
    [Theory]
    [InlineData(RoutingPolicy.RoundRobin, 10_000)]
    [InlineData(RoutingPolicy.LeastOutstanding, 300)]
    [InlineData(RoutingPolicy.LeastKv, 300)]
    [InlineData(RoutingPolicy.PowerOfTwo, 300)]
    public void The_third_request_goes(RoutingPolicy policy, long expectedStart)
    {
        ExactMeter meter = Run(policy, replicas: 2, At(0, 10, 100), At(50, 10, 1), At(300, 10, 1));
        Assert.Equal(expectedStart, meter.Records.Single(record => record.Id == 2).Scheduled.Nanoseconds);
    }

    /// <summary>A big prompt with a long answer on the first replica, a small one with a short answer on the second: one request each.</summary>
    [Theory]
    [InlineData(RoutingPolicy.LeastOutstanding, 5000)]
    [InlineData(RoutingPolicy.LeastKv, 300)]
    public void Least_kv_sees_how_big_the_one_request_is(RoutingPolicy policy, long expectedStart)
    {
        ExactMeter meter = Run(policy, replicas: 2, At(0, 800, 50), At(10, 16, 3), At(20, 16, 1));
        Assert.Equal(expectedStart, meter.Records.Single(record => record.Id == 2).Scheduled.Nanoseconds, 10.0);
    }

    [Fact]
    public void Round_robin_shares_out_evenly()
    {
        ExactMeter meter = Run(RoutingPolicy.RoundRobin, replicas: 4, [.. Enumerable.Repeat(At(0, 10, 1), 20)]);
        Assert.All(meter.Records, record => Assert.Equal(record.Id / 4 * 100, record.Scheduled.Nanoseconds));
    }

    /// <summary>With lengths that differ much, looking at the replicas beats not looking, and all replicas beat two.</summary>
    [Fact]
    public void Knowing_more_waits_less()
    {
        var stream = new RandomStream(1, "lengths");
        ArrivingRequest[] requests = [.. Enumerable.Range(0, 4000).Select(i => At(i * 700, 10, stream.NextDouble() < 0.1 ? 400 : 20))];
        double blind = Wait(RoutingPolicy.RoundRobin), two = Wait(RoutingPolicy.PowerOfTwo), all = Wait(RoutingPolicy.LeastOutstanding);
        Assert.True(all < two && two < blind, $"least outstanding {all}, power of two {two}, round robin {blind}");

        double Wait(RoutingPolicy policy) =>
            Run(policy, replicas: 10, requests).Records.Average(record => (double)(record.Scheduled - record.Arrival).Nanoseconds);
    }

    private static ArrivingRequest At(long ns, int input, int output) => new(new SimTime(ns), input, output);

    private static ExactMeter Run(RoutingPolicy policy, int replicas, params ArrivingRequest[] requests) =>
        new EngineScenario(Limits, 100 << 20, 0, 0, 0, 0, 0, requests, replicas, policy).Run(stepByStep: false);
}
