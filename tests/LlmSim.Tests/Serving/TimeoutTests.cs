using LlmSim.Metrics;
using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Clients that give up, worked by hand (a step takes 100 ns + 1 ns a token) and against queueing theory.</summary>
public sealed class TimeoutTests
{
    private const long Never = long.MaxValue;

    private static readonly EngineLimits OneSeat = new()
    {
        MaxNumSeqs = 1,
        MaxNumBatchedTokens = 10,
        MaxModelLen = 100,
        UsableBlocks = 40,
        BlockSize = 4,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_waits_too_long_for_a_first_token_leaves_the_queue_when_the_engine_looks(bool stepByStep)
    {
        // 0 (5 + 4 tokens): 0-105, 206, 307, 408. 1 gives up at 10 + 250 and leaves at 307; 2, which has until 420, leaves when 0 is
        // done; 3 runs at once: 408-513, and its first token is in time.
        ExactMeter meter = Run(OneSeat, (250, Never), stepByStep, At(0, 5, 4), At(10, 5, 1), At(150, 5, 1), At(300, 5, 1));
        Assert.Equal([(0, 408), (3, 513)], meter.Records.Select(r => (r.Id, r.Finish.Nanoseconds)));
        Assert.Equal([(1, 307, 0, 0, 297), (2, 408, 0, 0, 258)], Aborts(meter));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_runs_leaves_its_seat_and_blocks_and_its_tokens_were_in_vain(bool stepByStep)
    {
        // 0 computes its prompt of 25 in chunks of 10, 10 and 5: 110, 220, 325; then a token each 101 ns. It gives up at 500 and is
        // dropped at 527 with 3 tokens. 1 gets its seat and blocks there: it is admitted and ready at 632.
        EngineLimits tight = OneSeat with { UsableBlocks = 8 };
        ExactMeter meter = Run(tight, (Never, 500), stepByStep, At(0, 25, 7), At(300, 5, 1));
        Assert.Equal([(0, 527, 25, 3, -1)], Aborts(meter));
        Assert.Equal([(1, 527, 632)], meter.Records.Select(r => (r.Id, r.Scheduled.Nanoseconds, r.Finish.Nanoseconds)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_the_asynchronous_loop_the_token_in_flight_is_lost_too(bool stepByStep)
    {
        // Tokens at 105, 206, 307. At 206 the step of 206-307 runs and the next is about to be scheduled: who gave up at 200 is dropped
        // with two tokens and one in flight.
        ExactMeter meter = Run(OneSeat with { IsAsynchronous = true }, (Never, 200), stepByStep, At(0, 5, 9));
        Assert.Equal([(0, 206, 5, 3, -1)], Aborts(meter));
        Assert.Equal(3, meter.Steps);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_unfinished_prompt_counts_as_far_as_it_was_computed(bool stepByStep) =>
        Assert.Equal([(0, 110, 10, 0, -1)], Aborts(Run(OneSeat, (50, Never), stepByStep, At(0, 25, 7))));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_answer_that_comes_too_late_counts_as_given_up(bool stepByStep)
    {
        // Done at 105, given up at 104: the engine never looked in between. In time to the nanosecond is in time.
        Assert.Equal([(0, 105, 5, 1, -1)], Aborts(Run(OneSeat, (Never, 104), stepByStep, At(0, 5, 1))));
        Assert.Equal([(0, 105, 5, 1, -1)], Aborts(Run(OneSeat, (104, Never), stepByStep, At(0, 5, 1))));
        Assert.Empty(Aborts(Run(OneSeat, (105, 105), stepByStep, At(0, 5, 1))));
    }

    [Theory]
    [InlineData(0.8, 1.0)]
    [InlineData(1.2, 3.0)]
    public void As_many_leave_the_queue_as_from_M_M_1_with_deterministic_patience(double load, double patience)
    {
        // Barrer, "Queuing with impatient customers and ordered service" (1957). In mean service times: work in the system has density
        // λ·p0·exp(−(1 − λ)x) up to the patience τ; beyond nobody joins, and it falls with exp(−x).
        const int requests = 400_000;
        const double meanNs = 10_000_000;
        double edge = Math.Exp(-(1 - load) * patience);
        double empty = 1 / (1 + load * (1 - edge) / (1 - load) + load * edge);
        double expected = empty * load * edge;

        var gaps = new RandomStream(1, "arrivals");
        var lengths = new RandomStream(1, "lengths");
        double now = 0;
        ArrivingRequest[] all = [.. Enumerable.Range(0, requests).Select(_ =>
        {
            now += gaps.NextExponential(meanNs / load);
            return new ArrivingRequest(new SimTime((long)now), 1 + (int)lengths.NextExponential(9_999.5), 1);
        })];
        using var source = new ListSource(all);
        ExactMeter meter = SingleServer.Serve(source, stepByStep: false, new HostSpec { TokenizationSecondsPerToken = 0 },
            limits => limits with { Patience = new ClientPatience([], (Never, (long)(patience * meanNs))) });
        Assert.Equal(requests, meter.Records.Count + meter.AbortedRequests.Count);
        Assert.Equal(expected, meter.AbortedRequests.Count(a => !a.HasRun) / (double)requests, 0.003);
    }

    [Fact]
    public void Clients_that_give_up_are_told_in_results_and_left_out_of_latencies()
    {
        SimulatorConfig config = DefaultScenario.Create() with
        {
            Scheduler = new SchedulerSpec { MaxNumSeqs = 4 },
            Objectives = new SloSpec { TtftMilliseconds = 60_000 },
            Workload = new WorkloadSpec
            {
                RequestRatePerSecond = 4,
                NumRequests = 2000,
                Classes =
                [
                    new() { Name = "hasty", Share = 0.5, TtftTimeoutSeconds = 2 },
                    new() { Name = "patient", Share = 0.5 },
                ],
            },
        };
        SimulationStatistics s = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        Assert.Equal(2000, s.CompletedRequests + s.AbortedRequests);
        Assert.True(s.AbortedRequests > 100);
        Assert.Equal((s.AbortedRequests, 0), (s.Classes[0].AbortedRequests, s.Classes[1].AbortedRequests));
        Assert.True(s.Classes[0].FirstTokenLatency.Max.Seconds <= 2);
        Assert.Equal(s.CompletedRequests, s.FirstTokenLatency.Count);
        Assert.Equal(s.CompletedRequests, s.QueueTime.Count);
        Assert.InRange(s.Classes[0].Goodput!.Share, 0, 1 - s.AbortedRequests / 1100.0);
        Assert.Contains(s.Warnings, w => w.StartsWith($"{s.AbortedRequests} requests given up by clients", StringComparison.Ordinal));
    }

    private static IEnumerable<(long Id, long Ns, int Input, int Output, long WaitNs)> Aborts(ExactMeter meter) =>
        meter.AbortedRequests.Select(a => (a.Id, a.Time.Nanoseconds, a.InputTokens, a.OutputTokens, a.WaitNs));

    private static ExactMeter Run(EngineLimits limits, (long, long) patience, bool stepByStep, params ArrivingRequest[] requests) =>
        new EngineScenario(limits with { Patience = new ClientPatience([], patience) }, 100 << 20, 1 << 20, 0, 0, 0, 0, requests).Run(stepByStep);

    private static ArrivingRequest At(long ns, int input, int output) => new(new SimTime(ns), input, output);
}
