using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Workloads;
using static LlmSim.Tests.Metrics.Toy;

namespace LlmSim.Tests.Metrics;

public sealed class VerdictTests
{
    // The toy's mean queue time is 20/3 ms of 80/3 ms end to end: a quarter.
    [Fact]
    public void All_seats_taken_and_a_queue_is_the_batch_limit() =>
        AssertVerdict(BottleneckKind.BatchLimit, "max_num_seqs (2)", Toy.Statistics());

    [Fact]
    public void A_queue_with_seats_and_memory_to_spare_is_the_step_time() =>
        AssertVerdict(BottleneckKind.StepTime, "busy 90%", Toy.Statistics() with { Engine = new(64, 512, 1000, 40, 16) });

    [Fact]
    public void A_queue_before_static_batches_is_batching() => AssertVerdict(BottleneckKind.Batching, "of up to 2",
        Toy.Statistics() with { Engine = new(64, 512, 1000, 40, 16) { BatchSize = 2 } });

    [Fact]
    public void A_queue_before_a_gpu_that_is_mostly_idle_is_bursts() => AssertVerdict(BottleneckKind.Bursts, "busy only 28%",
        Toy.Statistics() with { Engine = new(64, 512, 1000, 40, 16), GpuUtilization = 0.28 });

    [Fact]
    public void Full_blocks_and_a_queue_are_kv_memory() =>
        AssertVerdict(BottleneckKind.KvMemory, "97% of the blocks", Toy.Statistics() with { KvCacheUsage = new(0.5, 0.97) });

    [Fact]
    public void Hardly_waiting_is_light_load()
    {
        SimulationStatistics s = Toy.Statistics();
        AssertVerdict(BottleneckKind.LightLoad, "1.5 of 2 seats", s with { QueueTime = new LatencySummary(new LatencyHistogram()) });
    }

    [Fact]
    public void The_verdict_names_what_the_step_time_is() =>
        Assert.Contains("60% is bound by memory bandwidth", Toy.Statistics().Bottleneck.Explanation, StringComparison.Ordinal);

    [Fact]
    public void Few_requests_make_a_weak_p99() =>
        Assert.Contains("p99 rests on 3 requests", Assert.Single(Toy.Statistics().Warnings), StringComparison.Ordinal);

    [Fact]
    public void Rejections_preemptions_and_cut_outputs_are_told()
    {
        MetricsCollector collector = Toy.Run();
        Refuse(collector, inputTokens: 1000);
        Refuse(collector, inputTokens: 700);
        collector.Arrived(new ArrivingRequest(Ms(139), 500, 501));
        collector.Preempted(Ms(139).Nanoseconds);
        IReadOnlyList<string> warnings = Statistics(collector).Warnings;
        Assert.Equal(2, Statistics(collector).RejectedRequests);
        Assert.Equal(
            [
                "1 request rejected: the prompt leaves no room for a token within max_model_len (1000).",
                "1 request rejected: longer than the whole KV cache (640 tokens).",
                "1 preemption: KV memory ran out and finished work was thrown away. "
                    + "Lower max_num_seqs, raise gpu_memory_utilization or use more GPUs.",
                "1 request asked for more than max_model_len (1000) tokens and got fewer.",
                "p99 rests on 3 requests; at least 1000 make it trustworthy.",
            ],
            warnings);
    }

    [Theory]
    [InlineData(2.0, true)] // served at half the rate: the queue grows from first to last
    [InlineData(0.5, false)]
    public void A_queue_that_grows_all_along_is_overload(double serviceOverGap, bool overload)
    {
        // One server, equal gaps of 10 ms.
        var collector = new MetricsCollector(Toy.Limits);
        double free = 0;
        for (int i = 0; i < 1000; i++)
        {
            double arrival = 10 * i;
            double start = Math.Max(arrival, free);
            free = start + 10 * serviceOverGap;
            collector.Arrived(new ArrivingRequest(Ms(arrival), 100, 1));
            collector.Scheduled(Ms(start).Nanoseconds, Ms(start - arrival).Nanoseconds, first: true);
            collector.Finished(new RequestRecord(i, Ms(arrival), Ms(arrival), Ms(start), Ms(free), Ms(free), 100, 1, 0));
        }

        SimulationStatistics s = Statistics(collector);
        if (overload)
        {
            string warning = Assert.Single(s.Warnings);
            Assert.StartsWith("Overload: the queue grew by ", warning, StringComparison.Ordinal);
            Assert.Contains(": this load is beyond capacity", warning, StringComparison.Ordinal);
            Assert.Equal(50, s.Queue!.GrowthPerSecond, 2.0);
            Assert.Equal(100, s.Queue.ArrivalsPerSecond, 2.0);
        }
        else
        {
            Assert.Empty(s.Warnings);
        }
    }

    private static void AssertVerdict(BottleneckKind kind, string words, SimulationStatistics statistics)
    {
        Bottleneck verdict = Bottleneck.Of(statistics);
        Assert.Equal(kind, verdict.Kind);
        Assert.Contains(words, verdict.Explanation, StringComparison.Ordinal);
    }

    private static void Refuse(MetricsCollector collector, int inputTokens)
    {
        var request = new ArrivingRequest(Ms(139), inputTokens, 1);
        collector.Arrived(in request);
        collector.Rejected(in request);
    }

    private static SimulationStatistics Statistics(MetricsCollector collector) =>
        new SimulationMetrics(collector, Toy.Limits, Toy.Breakdown, isPartial: false).ComputeStatistics();
}
