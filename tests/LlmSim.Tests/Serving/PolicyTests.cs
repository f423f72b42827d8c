using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Policies worked by hand: one seat, a step takes 100 ns + 1 ns a token.</summary>
public sealed class PolicyTests
{
    private static readonly EngineLimits OneSeat = new()
    {
        MaxNumSeqs = 1,
        MaxNumBatchedTokens = 100,
        MaxModelLen = 100,
        UsableBlocks = 20,
        BlockSize = 16,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Earliest_deadline_first_keeps_deadlines_that_first_come_misses(bool stepByStep)
    {
        // Requests of one token are done in 110 ns. 0 is served at once, 0-110. 1 (class 0) and 2 (class 1) come meanwhile and have
        // until 10 + 1000 and 20 + 250 ns: first come, first served has 2 ready at 330 only, too late.
        ArrivingRequest[] requests = [At(0, 10, 1), At(10, 10, 1), At(20, 10, 1, 1)];
        var order = new EarliestDeadlineOrder([1e-3, 250e-6], 0);
        Assert.Equal([(0, 110), (1, 220), (2, 330)], Finishes(OneSeat, stepByStep, requests));
        Assert.Equal([(0, 110), (2, 220), (1, 330)], Finishes(OneSeat with { Order = order }, stepByStep, requests));
    }

    [Fact]
    public void Deadlines_are_those_of_the_class_or_else_of_the_scenario()
    {
        RequestClassSpec[] classes = [new() { Name = "chat", FirstTokenMilliseconds = 5 }, new() { Name = "other" }];
        AdmissionOrder order = AdmissionOrder.Of(
            new SchedulerSpec { Policy = SchedulingPolicy.Edf }, classes, new SloSpec { TtftMilliseconds = 70 }, seed: 0)!;
        Assert.Equal([5_000_100L, 70_000_100L, 70_000_100L],
            new byte[] { 0, 1, 2 }.Select(kind => order.Key(new WaitingRequest(3, new SimTime(100), 1, 1, kind))));
    }

    [Fact]
    public void Predictions_are_off_by_their_error_and_depend_on_seed_and_request_only()
    {
        const int requests = 10_000;
        double[] logs = [.. Enumerable.Range(0, requests).Select(id => Math.Log(Predict(new PredictedLengthOrder(0.5, 1), id) / 1e6)).Order()];
        double mean = logs.Average();
        Assert.Equal(0, mean, 0.02);
        Assert.Equal(0.5, Math.Sqrt(logs.Average(x => (x - mean) * (x - mean))), 0.02);
        Assert.Equal(0.5 * 1.2816, logs[requests * 9 / 10], 0.03); // the normal law's 90th percentile

        var order = new PredictedLengthOrder(0.5, 1);
        Assert.Equal([Predict(order, 7), Predict(order, 8)], [Predict(order, 7), Predict(new PredictedLengthOrder(0.5, 1), 8)]);
        Assert.NotEqual(Predict(order, 7), Predict(new PredictedLengthOrder(0.5, 2), 7));
    }

    [Fact]
    public void The_worse_the_prediction_the_less_shortest_first_gains()
    {
        double[] means = [.. new[] { 0, 1, 10.0 }.Select(error => MeanQueueTime(SchedulingPolicy.Sjf, error))];
        Assert.True(means[0] < 0.9 * means[1] && means[1] < 0.9 * means[2], string.Join(' ', means));
        Assert.InRange(means[2] / MeanQueueTime(SchedulingPolicy.Fcfs, 0), 0.7, 1.3); // no better than no prediction
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_comes_when_the_queue_is_full_is_refused(bool stepByStep)
    {
        // 0 runs 0-110; 1 waits; 2 meets it and is refused when the engine looks, at 110; 3 comes when 1 has been admitted.
        ExactMeter meter = Run(OneSeat with { MaxQueuedRequests = 1 }, stepByStep, At(0, 10, 1), At(10, 10, 1), At(20, 10, 1), At(115, 10, 1));
        Assert.Equal([(0, 110), (1, 220), (3, 330)], meter.Records.Select(r => (r.Id, r.Finish.Nanoseconds)));
        Assert.Equal([(2, 20, 110)], meter.RefusedRequests);
    }

    private static double MeanQueueTime(SchedulingPolicy policy, double error)
    {
        SimulatorConfig config = DefaultScenario.Create() with
        {
            Scheduler = new SchedulerSpec { Policy = policy, PredictionError = error, MaxNumSeqs = 4 },
            Workload = new WorkloadSpec
            {
                RequestRatePerSecond = 2.6,
                NumRequests = 2000,
                OutputLength = LengthSpec.Lognormal(100, 1),
            },
        };
        return new LlmInferenceSimulator(config).Run().ComputeStatistics().QueueTime.Mean.Seconds;
    }

    private static double Predict(AdmissionOrder order, long id) => order.Key(new WaitingRequest(id, SimTime.Zero, 1, 1_000_000, 0));

    private static IEnumerable<(long Id, long Ns)> Finishes(EngineLimits limits, bool stepByStep, params ArrivingRequest[] requests) =>
        Run(limits, stepByStep, requests).Records.Select(record => (record.Id, record.Finish.Nanoseconds));

    private static ExactMeter Run(EngineLimits limits, bool stepByStep, params ArrivingRequest[] requests) =>
        new EngineScenario(limits, 100 << 20, 1 << 20, 0, 0, 0, 0, requests).Run(stepByStep);

    private static ArrivingRequest At(long ns, int input, int output, byte kind = 0) => new(new SimTime(ns), input, output, kind);
}
