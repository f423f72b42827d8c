using LlmSim.Costs;
using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Workloads;
using static LlmSim.Tests.Metrics.Toy;

namespace LlmSim.Tests.Metrics;

public sealed class SimulationStatisticsTests
{
    [Fact]
    public void Counts_and_throughputs_are_those_of_the_toy()
    {
        SimulationStatistics s = Toy.Statistics();
        Assert.Equal((3, 3, 0), (s.TotalRequests, s.CompletedRequests, s.RejectedRequests));
        Assert.Equal((600, 6), (s.InputTokens, s.OutputTokens));
        Assert.Equal(Ms(140), s.SimulationTime);
        Assert.Equal(Ms(40), s.Duration); // first sent at 100, last token at 140
        Assert.Equal(3 / 0.040, s.RequestsPerSecond, 1e-9);
        Assert.Equal(600 / 0.040, s.InputTokensPerSecond, 1e-9);
        Assert.Equal(6 / 0.040, s.OutputTokensPerSecond, 1e-9);
        Assert.Equal(606 / 0.040, s.TotalTokensPerSecond, 1e-9);
    }

    [Fact]
    public void Latencies_are_those_of_the_toy()
    {
        SimulationStatistics s = Toy.Statistics();
        AssertLatency(s.FirstTokenLatency, 3, mean: (10 + 15 + 25) / 3.0, min: 10, max: 25, p50: 15);
        AssertLatency(s.EndToEndLatency, 3, mean: (30 + 25 + 25) / 3.0, min: 25, max: 30, p50: 25);
        AssertLatency(s.PrefillLatency, 3, mean: 10, min: 10, max: 10, p50: 10);
        AssertLatency(s.QueueTime, 3, mean: (0 + 5 + 15) / 3.0, min: 0, max: 15, p50: 5);
        AssertLatency(s.TimePerOutputToken, 2, mean: 10, min: 10, max: 10, p50: 10); // (130−110)/2 and (130−120)/1
        AssertLatency(s.InterTokenLatency, 3, mean: 10, min: 10, max: 10, p50: 10); // A twice, B once
        // Deviations from 50/3 of 10, 15 and 25: variance (400 + 25 + 625)/27 = 350/9.
        Assert.Equal(Math.Sqrt(350 / 9.0), s.FirstTokenLatency.Std.Milliseconds, 1e-6);
        // NumPy's p90 of three: rank 1.8, so 15 + 0.8·(25 − 15).
        Assert.InRange(s.FirstTokenLatency.P90.Milliseconds, 23 * 0.995, 23 * 1.005);
        Assert.Equal(s.FirstTokenLatency.P90, s.FirstTokenLatency.Percentile(90));
    }

    [Fact]
    public void Levels_and_utilisation_are_those_of_the_toy()
    {
        SimulationStatistics s = Toy.Statistics();
        Assert.Equal(new GaugeSummary((0 + 5 + 15) / 40.0, 1), Rounded(s.WaitingRequests));
        Assert.Equal(new GaugeSummary((1 + 2 + 2 + 1) / 4.0, 2), Rounded(s.RunningRequests));
        Assert.Equal(new GaugeSummary((10 + 20 + 22 + 18) / 4.0 / 40, 22 / 40.0), Rounded(s.KvCacheUsage));
        Assert.Equal(36 / 40.0, s.GpuUtilization, 1e-9); // of 40 ms of steps the GPU waits 4 for the host
        Assert.Equal(1e12 / (1e14 * 0.040), s.ModelFlopsUtilization!.Value, 1e-9);
        Assert.Equal(2e10 / (1e12 * 0.040), s.MemoryBandwidthUtilization!.Value, 1e-9);
        Assert.Equal(0, s.Preemptions);
    }

    [Fact]
    public void Without_a_breakdown_the_gpu_is_busy_while_steps_run()
    {
        var metrics = new SimulationMetrics(Toy.Run(), Toy.Limits, breakdown: null, isPartial: false);
        SimulationStatistics s = metrics.ComputeStatistics();
        Assert.Equal(1, s.GpuUtilization, 1e-9);
        Assert.Null(s.ModelFlopsUtilization);
        Assert.Null(s.Breakdown);
    }

    [Fact]
    public void A_run_without_requests_is_all_zeros()
    {
        var metrics = new SimulationMetrics(new MetricsCollector(Toy.Limits), Toy.Limits, null, isPartial: false);
        SimulationStatistics s = metrics.ComputeStatistics();
        Assert.Equal(0, s.RequestsPerSecond);
        Assert.Equal(default, s.RunningRequests);
        Assert.Equal(0, s.FirstTokenLatency.Count);
        Assert.Equal(BottleneckKind.Unknown, s.Bottleneck.Kind);
        Assert.Empty(s.Warnings);
    }

    [Fact]
    public void A_stopped_run_lasts_until_it_was_stopped()
    {
        MetricsCollector collector = Toy.Run();
        collector.Arrived(new ArrivingRequest(Ms(141), 10, 10));
        collector.Ended(Ms(150).Nanoseconds);
        SimulationStatistics s = new SimulationMetrics(collector, Toy.Limits, null, isPartial: true).ComputeStatistics();
        Assert.True(s.IsPartial);
        Assert.Equal(Ms(50), s.Duration);
        Assert.StartsWith("Stopped early: 1 of 4 requests", s.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_request_waits_again_but_has_one_queue_time()
    {
        MetricsCollector collector = Toy.Run();
        collector.Preempted(Ms(140).Nanoseconds);
        collector.Scheduled(Ms(160).Nanoseconds, Ms(20).Nanoseconds, first: false);
        collector.ResumedToken(Ms(30).Nanoseconds);
        SimulationStatistics s = new SimulationMetrics(collector, Toy.Limits, null, isPartial: false).ComputeStatistics();
        Assert.Equal(1, s.Preemptions);
        Assert.Equal(3, s.QueueTime.Count);
        Assert.Equal((0 + 5 + 15 + 20) / 40.0, s.WaitingRequests.Mean, 1e-9);
        Assert.Equal((4, Ms(15), Ms(30)), (s.InterTokenLatency.Count, s.InterTokenLatency.Mean, s.InterTokenLatency.Max));
    }

    [Fact]
    public void A_run_of_steps_reports_the_same_as_its_steps()
    {
        var jumped = new MetricsCollector(Toy.Limits);
        var looped = new MetricsCollector(Toy.Limits);
        var cost = new DecodeRunCost(First: 3 << 19, Growth: 12345, ValidSteps: 1000);
        const int steps = 500;
        long total = 0;
        Int128 blockQuanta = 0;
        for (int step = 0; step < steps; step++)
        {
            var shape = default(BatchShape);
            shape.AddDecode(2, 100 + 2 * step);
            long quanta = cost.First + step * cost.Growth;
            looped.Step(default, in shape, new StepTimes(quanta, quanta, quanta), 2, 10 + step / 16);
            total += quanta;
            blockQuanta += (Int128)quanta * (10 + step / 16);
        }

        jumped.DecodeRun(default, 2, 2, 100, steps, cost, total, blockQuanta, 10 + (steps - 1) / 16);
        Assert.Equal([], MetricsDifference.Between(looped, jumped));
    }

    private static void AssertLatency(LatencySummary latency, long count, double mean, double min, double max, double p50)
    {
        Assert.Equal(count, latency.Count);
        Assert.Equal(Ms(mean), latency.Mean);
        Assert.Equal(Ms(min), latency.Min);
        Assert.Equal(Ms(max), latency.Max);
        Assert.InRange(latency.P50.Milliseconds, p50 * 0.996, p50 * 1.004);
    }

    private static GaugeSummary Rounded(GaugeSummary gauge) => new(Math.Round(gauge.Mean, 9), gauge.Max);
}
