using CsCheck;
using LlmSim.Metrics;
using LlmSim.Simulation;
using LlmSim.Tests.Serving;
using static LlmSim.Tests.Metrics.Toy;

namespace LlmSim.Tests.Metrics;

public sealed class SeriesMeterTests
{
    // From 100 to 120: A runs alone for 10 ms, A and B for 10; B waits from 105 to 110 and C from 115. What ends at 120 counts in
    // the next interval: B's first token, A's second.
    [Fact]
    public void Intervals_of_20_ms_are_those_of_the_toy() => Assert.Equal(
        [
            new SeriesRow(Ms(100), Ms(20), 3, 0, 0.5, 1.5, 15 / 40.0, 1, 1),
            new SeriesRow(Ms(120), Ms(20), 0, 2, 0.5, 1.5, 20 / 40.0, 4, 1),
            new SeriesRow(Ms(140), Ms(20), 0, 1, 0, 0, 0, 1, 0),
        ],
        Rows(20).Skip(5));

    // Step 2 lasts from 110 to 120: a third of the interval from 105, two thirds of the next.
    [Fact]
    public void A_step_over_an_end_counts_in_both_by_its_time()
    {
        SeriesRow[] rows = Rows(15);
        Assert.Equal((Ms(105), 1L), (rows[7].Start, rows[7].OutputTokens));
        Assert.Equal((5 * 1 + 10 * 2) / 15.0, rows[7].Running, 1e-12);
        Assert.Equal((5 * 10 + 10 * 20) / 15.0 / 40, rows[7].KvUsage, 1e-12);
        Assert.Equal(((5 + 5) / 15.0, 2L), (rows[7].Waiting, rows[7].Arrivals)); // B 105 to 110, C 115 to 120
    }

    [Fact]
    public void The_last_interval_ends_with_the_last_step()
    {
        SeriesRow last = Rows(150)[0];
        Assert.Equal((Ms(0), Ms(140)), (last.Start, last.Length));
        Assert.Equal((3L, 3L, 6L, 40 / 140.0), (last.Arrivals, last.Finished, last.OutputTokens, last.Busy));
        Assert.Equal(20 / 140.0, last.Waiting, 1e-12);
        Assert.Equal(6 / 0.140, last.OutputTokensPerSecond, 1e-9);
    }

    [Fact]
    public void Seconds_can_be_counted_from_the_first_request()
    {
        var sink = new ListSink();
        Play(new SeriesMeter(new MetricsCollector(Limits), sink, Ms(40).Nanoseconds, 40, startsAtFirstArrival: true));
        Assert.Equal([(Ms(100), 5L), (Ms(140), 1L)], sink.Rows.Select(row => (row.Start, row.OutputTokens)));
    }

    [Fact]
    public void Both_engines_give_the_same_intervals_whose_sums_are_those_of_the_run() =>
        Gen.OneOf(EngineScenario.Drawn, Serving.BatchEngineTests.Drawn).Select(Gen.Int[1, 60]).Sample(
        (scenario, parts) =>
        {
            // Refused requests may come long after the last one finished.
            Serving.ExactMeter run = scenario.Run(stepByStep: false);
            IEnumerable<long> ends = run.Records.Select(record => record.Finish.Nanoseconds)
                .Concat(run.AbortedRequests.Select(record => record.Time.Nanoseconds));
            long end = Math.Max(1, ends.Append(scenario.Requests[^1].Arrival.Nanoseconds).Max());
            long interval = Math.Max(1, end / parts);
            (MetricsCollector fast, SeriesRow[] rows) = Run(scenario, stepByStep: false, interval);
            (MetricsCollector plain, SeriesRow[] plainRows) = Run(scenario, stepByStep: true, interval);
            Assert.Equal(plainRows, rows);
            Assert.Equal([], MetricsDifference.Between(plain, fast));
            Assert.Equal((fast.Total, fast.Completed, fast.OutputTokens + fast.WastedOutputTokens),
                (rows.Sum(row => row.Arrivals), rows.Sum(row => row.Finished), rows.Sum(row => row.OutputTokens)));
            if (scenario.Limits.PipelineStages == 1)
            {
                AssertSum(fast.BusyQuanta, row => row.Busy * scenario.Replicas);
            }

            AssertSum(fast.RunningQuanta, row => row.Running);
            AssertSum(fast.BlockQuanta, row => row.KvUsage * scenario.Limits.UsableBlocks * scenario.Replicas);

            void AssertSum(Int128 quanta, Func<SeriesRow, double> level)
            {
                double sum = rows.Sum(row => level(row) * row.Length.Nanoseconds);
                Assert.Equal((double)quanta / EngineClock.QuantaPerNanosecond, sum, 1e-6 * (1 + sum));
            }
        },
        iter: 500);

    [Fact]
    public void Batches_end_alike_in_both_engines() => EngineScenario.Drawn.Where(scenario => scenario.Replicas == 1).Sample(
        scenario =>
        {
            (MetricsCollector fast, _) = Run(scenario, stepByStep: false, 1_000_000_000);
            (MetricsCollector plain, _) = Run(scenario, stepByStep: true, 1_000_000_000);
            foreach (var (a, b) in Latencies(fast).Zip(Latencies(plain)))
            {
                Assert.Equal(fast.Batches.EndsOf(a).Select(end => (end.Count, end.SumQuanta)), plain.Batches.EndsOf(b).Select(end => (end.Count, end.SumQuanta)));
            }
        },
        iter: 500);

    [Fact]
    public void Peaks_are_those_of_the_toy()
    {
        var sink = new PeakSink();
        var meter = new PeakMeter(new SeriesMeter(new MetricsCollector(Limits), sink, Ms(20).Nanoseconds, 40));
        Play(meter);
        Assert.Equal((3L, 4L), (meter.MostUnderWay, sink.MostTokens));
    }

    private static LatencyHistogram[] Latencies(MetricsCollector c) =>
        [c.FirstTokenLatency, c.EndToEndLatency, c.PrefillLatency, c.TimePerOutputToken, c.InterTokenLatency, c.QueueTime];

    private static SeriesRow[] Rows(double intervalMs)
    {
        var sink = new ListSink();
        Play(new SeriesMeter(new MetricsCollector(Limits), sink, Ms(intervalMs).Nanoseconds, 40));
        return [.. sink.Rows];
    }

    private static (MetricsCollector Collector, SeriesRow[] Rows) Run(EngineScenario scenario, bool stepByStep, long intervalNs)
    {
        var collector = new MetricsCollector(scenario.Limits);
        var sink = new ListSink();
        var meter = new SeriesMeter(collector, sink, intervalNs, scenario.Limits.UsableBlocks, scenario.Replicas);
        scenario.Run(stepByStep, meter);
        meter.Ended(0);
        return (collector, [.. sink.Rows]);
    }

    private sealed class ListSink : SeriesSink
    {
        public List<SeriesRow> Rows { get; } = [];

        public override void Write(in SeriesRow row) => Rows.Add(row);
    }
}
