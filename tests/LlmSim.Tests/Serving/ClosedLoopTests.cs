using CsCheck;
using LlmSim.Metrics;
using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Specs;

namespace LlmSim.Tests.Serving;

public sealed class ClosedLoopTests
{
    [Fact]
    public void No_more_are_under_way_than_there_are_clients_and_none_is_idle_who_could_send() =>
        EngineScenario.ClosedLoop.Sample(
            scenario =>
            {
                ExactMeter meter = scenario.Run(stepByStep: false);
                Assert.Equal(scenario.Requests.Count, meter.Records.Count + meter.RejectedCount + meter.AbortedRequests.Count);

                // A first-come client model of its own: the i-th to be sent takes the client who is free first.
                var free = new PriorityQueue<long, long>(Enumerable.Repeat((0L, 0L), scenario.Clients!.Value));
                var sent = meter.Records.Select(r => (r.Id, r.Arrival.Nanoseconds, r.Finish.Nanoseconds)).Concat(meter.RefusedRequests)
                    .Concat(meter.AbortedRequests.Select(a => (a.Id, a.Arrival.Nanoseconds, a.Time.Nanoseconds)));
                foreach ((long id, long arrival, long end) in sent.Order())
                {
                    long due = scenario.Requests[(int)id].Arrival.Nanoseconds;
                    Assert.Equal(Math.Max(due, free.Dequeue()), arrival);
                    long next = end + scenario.ThinkNs;
                    free.Enqueue(next, next);
                }
            },
            iter: 1000);

    [Fact]
    public void Observing_changes_nothing() =>
        EngineScenario.ClosedLoop.Sample(
            scenario =>
            {
                var observer = new InvariantObserver(scenario.Limits);
                Assert.Equal(scenario.Run(false).Fingerprint(), scenario.Run(false, observer).Fingerprint());
                observer.CheckEnd();
            },
            iter: 500);

    [Fact]
    public void One_client_sends_when_it_has_thought()
    {
        List<RequestRecord> records = Run(new WorkloadSpec
        {
            RequestRatePerSecond = double.PositiveInfinity,
            NumRequests = 20,
            MaxConcurrency = 1,
            ThinkSeconds = 0.25,
        });
        Assert.Equal(0, records[0].Arrival.Nanoseconds);
        Assert.All(records.Zip(records[1..]), pair => Assert.Equal(
            pair.First.Finish.Nanoseconds + 250_000_000, pair.Second.Arrival.Nanoseconds));
    }

    [Fact]
    public void Littles_law_holds()
    {
        // Clients in all = throughput × (time at the server + time to think), up to the start and the end of the run.
        const int clients = 16;
        const double think = 2;
        List<RequestRecord> records = Run(new WorkloadSpec
        {
            RequestRatePerSecond = double.PositiveInfinity,
            DurationSeconds = 2000,
            MaxConcurrency = clients,
            ThinkSeconds = think,
            OutputLength = LengthSpec.Uniform(50, 200),
        });
        double response = records.Average(r => (r.Finish - r.Arrival).Seconds);
        Assert.True(records[^1].Arrival.Seconds <= 2000);
        Assert.Equal(clients, records.Count / 2000.0 * (response + think), 0.02 * clients);
    }

    [Fact]
    public void More_clients_than_requests_change_nothing()
    {
        WorkloadSpec open = new() { NumRequests = 200, RequestRatePerSecond = 20 };
        Assert.Equal(Run(open), Run(open with { MaxConcurrency = 200 }));
        Assert.Equal(Run(open), Run(open with { MaxConcurrency = int.MaxValue, ThinkSeconds = 9 }));
    }

    [Fact]
    public void Refused_requests_leave_their_client_free()
    {
        SimulatorConfig config = Scenario(new WorkloadSpec
        {
            RequestRatePerSecond = double.PositiveInfinity,
            NumRequests = 100,
            MaxConcurrency = 2,
            InputLength = LengthSpec.Uniform(2000, 6000),
        });
        SimulationMetrics metrics = new LlmInferenceSimulator(config).Run();
        SimulationStatistics statistics = metrics.ComputeStatistics();
        Assert.Equal(100, statistics.CompletedRequests + statistics.RejectedRequests);
        Assert.InRange(statistics.RejectedRequests, 1, 99);
    }

    [Theory]
    [InlineData(0, 0.0, "workload.max_concurrency")]
    [InlineData(1, -1.0, "workload.think_time")]
    [InlineData(1, double.NaN, "workload.think_time")]
    [InlineData(1, 1e10, "workload.think_time")]
    [InlineData(null, 1.0, "workload.think_time")]
    public void Each_value_out_of_range_is_named(int? clients, double think, string field) => Assert.Equal(
        field, Assert.Single(ConfigValidator.Validate(Scenario(new() { MaxConcurrency = clients, ThinkSeconds = think }))).Field);

    [Fact]
    public void Clients_without_a_rate_set_the_pace_alone()
    {
        WorkloadSpec alone = ScenarioJson.Parse("""{"workload": {"max_concurrency": 8, "think_time": 1.5, "duration": 60}}""").Workload;
        Assert.Equal(
            new WorkloadSpec { MaxConcurrency = 8, ThinkSeconds = 1.5, DurationSeconds = 60, RequestRatePerSecond = double.PositiveInfinity },
            alone);
        Assert.Equal(3, ScenarioJson.Parse("""{"workload": {"max_concurrency": 8, "request_rate": 3}}""").Workload.RequestRatePerSecond);
    }

    private static SimulatorConfig Scenario(WorkloadSpec workload) => DefaultScenario.Create() with { Workload = workload };

    private static List<RequestRecord> Run(WorkloadSpec workload)
    {
        var sink = new RecordList();
        new LlmInferenceSimulator(Scenario(workload)) { Records = sink }.Run();
        return [.. sink.Records.OrderBy(r => r.Id)];
    }

    private sealed class RecordList : RequestSink
    {
        public List<RequestRecord> Records { get; } = [];

        public override void Write(in RequestRecord record) => Records.Add(record);
    }
}
