using CsCheck;
using LlmSim.Metrics;
using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Fair shares between tenants: worked by hand, and the bound of Sheng et al., OSDI '24, theorem 4.4.</summary>
public sealed class FairShareTests
{
    private static readonly EngineLimits OneSeat = new()
    {
        MaxNumSeqs = 1,
        MaxNumBatchedTokens = 100,
        MaxModelLen = 100,
        UsableBlocks = 40,
        BlockSize = 16,
        Shares = new FairShares([1, 1]),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_tenant_served_least_is_next(bool stepByStep)
    {
        // Prompts of 10 and one token of output: a request costs 12. Tenant 0 sends four, tenant 1 comes with two while the first runs
        // and is lifted to what tenant 0 has, for that has requests waiting: 12. Ties go to tenant 0, so they take turns: 0 has 24, 1 is
        // next with 12, then both have 24.
        ArrivingRequest[] requests = [At(0, 0), At(1, 0), At(2, 0), At(3, 0), At(20, 1), At(21, 1)];
        Assert.Equal([0, 1, 4, 2, 5, 3], Order(OneSeat, stepByStep, requests));
        Assert.Equal([0, 1, 2, 3, 4, 5], Order(OneSeat with { Shares = null }, stepByStep, requests));

        // With three times the weight a request of tenant 1 costs 4: at 12 both, 0 goes, then 1 at 12 and at 16.
        Assert.Equal([0, 1, 4, 5, 2, 3], Order(OneSeat with { Shares = new FairShares([1, 3]) }, stepByStep, requests));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_was_away_has_saved_nothing_up(bool stepByStep)
    {
        // Tenant 0 alone is served three requests (36). When 1 comes to an empty queue, it starts where the last to leave it is: their
        // requests take turns from there, where both of 1's would go first had it kept its 0.
        ArrivingRequest[] requests = [At(0, 0), At(0, 0), At(0, 0), At(300, 1), At(301, 1), At(302, 0), At(303, 0)];
        Assert.Equal([0, 1, 2, 5, 3, 6, 4], Order(OneSeat, stepByStep, requests));
    }

    [Fact]
    public void Backlogged_tenants_get_the_same_service_within_a_bound() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[1, 12], Gen.Int[1, 12], Gen.Int[1, 6], Gen.OneOf(1.0, 2, 5)).Sample(
            (input0, input1, output0, output1, seats, weight) =>
            {
                // Both have a hundred requests from the start; the bound holds as long as both wait: twice the largest of what admits at
                // once, an input or what all seats can hold of outputs, each over its weight.
                ArrivingRequest[] requests = [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0
                    ? new ArrivingRequest(SimTime.Zero, input0, output0) : new ArrivingRequest(SimTime.Zero, input1, output1, 1))];
                var observer = new ServiceObserver(requests, [1, weight]);
                new EngineScenario(OneSeat with { MaxNumSeqs = seats, UsableBlocks = 1000, Shares = new FairShares([1, weight]) },
                    100 << 20, 1 << 20, 0, 0, 0, 0, requests).Run(stepByStep: false, observer);
                double bound = 2 * Math.Max(Math.Max(input0, input1), 2 * seats * Math.Max(output0, output1));
                Assert.InRange(observer.LargestDifference, 0, bound);
            },
            iter: 300);

    [Fact]
    public void One_tenant_that_floods_the_server_does_not_starve_another()
    {
        Assert.True(TtftOfSmall(SchedulingPolicy.Fcfs) > 10);
        Assert.True(TtftOfSmall(SchedulingPolicy.Fair) < 1);

        static double TtftOfSmall(SchedulingPolicy policy)
        {
            SimulatorConfig config = DefaultScenario.Create() with
            {
                Scheduler = new SchedulerSpec { Policy = policy, MaxNumSeqs = 8 },
                Workload = new WorkloadSpec
                {
                    RequestRatePerSecond = 6,
                    NumRequests = 1000,
                    Classes = [new() { Name = "flood", Share = 0.9 }, new() { Name = "small", Share = 0.1 }],
                },
            };
            SimulationStatistics s = new LlmInferenceSimulator(config).Run().ComputeStatistics();
            return s.Classes[1].FirstTokenLatency.Mean.Seconds;
        }
    }

    private static IEnumerable<long> Order(EngineLimits limits, bool stepByStep, params ArrivingRequest[] requests) =>
        new EngineScenario(limits, 100 << 20, 1 << 20, 0, 0, 0, 0, requests).Run(stepByStep).Records.Select(record => record.Id);

    private static ArrivingRequest At(long ns, byte tenant) => new(new SimTime(ns), 10, 1, tenant);

    /// <summary>Adds up what each tenant is served, prompts as they are admitted, outputs as they are scheduled.</summary>
    private sealed class ServiceObserver(ArrivingRequest[] requests, double[] weights) : SimulationObserver
    {
        private readonly double[] _served = new double[2];
        private readonly int[] _waiting = [requests.Count(r => r.Class == 0), requests.Count(r => r.Class == 1)];

        public override SimulationEvents Interests => SimulationEvents.BatchFormed;

        public double LargestDifference { get; private set; }

        public override void Handle(in BatchFormed e)
        {
            foreach (long id in e.Step.Admitted)
            {
                byte tenant = requests[id].Class;
                _served[tenant] += requests[id].InputTokens / weights[tenant];
                _waiting[tenant]--;
            }

            foreach (ScheduledSequence sequence in e.Step.Scheduled.Where(s => s.EmitsIndex > 0))
            {
                byte tenant = requests[sequence.RequestId].Class;
                _served[tenant] += 2 / weights[tenant];
            }

            if (_waiting[0] > 0 && _waiting[1] > 0)
            {
                LargestDifference = Math.Max(LargestDifference, Math.Abs(_served[0] - _served[1]));
            }
        }
    }
}
