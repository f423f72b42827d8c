using LlmSim.Metrics;
using LlmSim.Reporting;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Tests.Metrics;

namespace LlmSim.Tests.Reporting;

public sealed class ConsoleReportTests
{
    private static readonly InterconnectSpec Link = new() { Name = "link", BytesPerSecond = 1e11, LatencySeconds = 1e-6 };

    private static readonly SimulatorConfig Config = new()
    {
        Model = new ModelSpec
        {
            Name = "toy-1b",
            HiddenSize = 1024,
            Layers = 8,
            AttentionHeads = 8,
            KvHeads = 8,
            HeadSize = 128,
            FfnWidth = 4096,
            VocabularySize = 32_000,
            MaxSequenceLength = 1000,
            KvType = DataType.Fp8,
        },
        Cluster = new ClusterSpec
        {
            Gpu = new GpuSpec
            {
                Name = "toy-gpu",
                MemoryBytes = 1L << 34,
                MemoryBytesPerSecond = 1e12,
                Fp16FlopsPerSecond = 1e14,
                Fp32FlopsPerSecond = 1e13,
                Interconnect = Link,
            },
        },
        Parallelism = new ParallelismSpec { TensorParallel = 2 },
        Workload = new WorkloadSpec { OutputLength = LengthSpec.Lognormal(128, 0.5) },
        Seed = 7,
    };

    [Fact]
    public void The_screen_of_the_toy() => Assert.Equal(
        """
        Model      toy-1b, bf16 weights, fp8 KV cache
        GPUs       2 x toy-gpu, tensor parallel 2
        Engine     max_num_seqs 2, max_num_batched_tokens 512, max_model_len 1000
                   40 KV blocks of 16 tokens, asynchronous scheduling
        Workload   Poisson 2 req/s, input 512, output lognormal:mean=128,sigma=0.5
                   tokens, seed 7

        ============ Serving Benchmark Result ============
        Successful requests:                     3
        Failed requests:                         0
        Request rate configured (RPS):           2.00
        Benchmark duration (s):                  0.04
        Total input tokens:                      600
        Total generated tokens:                  6
        Request throughput (req/s):              75.00
        Output token throughput (tok/s):         150.00
        Total token throughput (tok/s):          15150.00
        ------------------ Latency (ms) -------    Mean  Median     P90     P95     P99
        Time to First Token                       16.67   14.99   23.00   24.00   24.80
        Time per Output Token (excl. 1st token)   10.00   10.00   10.00   10.00   10.00
        Inter-token Latency                       10.00   10.00   10.00   10.00   10.00
        End-to-end Latency                        26.67   25.02   29.00   29.50   29.90
        Queue time                                 6.67    5.01   13.00   14.00   14.80

        Where the step time goes
          memory             60.0%    MLP gate + up                    35.0%
          compute            25.0%    MLP down                         25.0%
          host               10.0%    decode attention softmax·V       15.0%
          latency             5.0%    QKV projection                   10.0%
          communication       0.0%    sampler                           5.0%
        GPU        busy 90.0% of the time; of peak: MFU 25.0%, MBU 50.0%
        Queues     waiting 0.5 (max 1), running 1.5 (max 2)
        KV cache   43.8% in use (max 55.0%), preemptions 0
        Limit      max_num_seqs (2) limits the batch: all seats were taken while KV
                   memory was at most 55% full, and requests spend 25% of their time in
                   the queue. Of the step time 60% is bound by memory bandwidth (weights
                   and KV cache are read for every step).
        Warning    p99 rests on 3 requests; at least 1000 make it trustworthy.

        """.ReplaceLineEndings("\n"),
        Screen(Config, Toy.Statistics()));

    [Fact]
    public void Names_a_trace_and_its_scale()
    {
        var trace = new TraceSpec { Path = "/data/azure.csv", Scale = 1.5 };
        string screen = Screen(Config with { Workload = new WorkloadSpec { Trace = trace } }, Toy.Statistics());
        Assert.Contains("\nWorkload   trace azure.csv, rate x 1.5\n", screen, StringComparison.Ordinal);
        Assert.Contains("\nRequest rate configured (RPS):           trace\n", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_one_screen_whatever_happens()
    {
        var slow = new LatencyHistogram();
        slow.Record(SimTime.FromSeconds(9_999).Nanoseconds);
        SimulationStatistics s = Toy.Statistics();
        string words = string.Concat(Enumerable.Repeat("far too many words ", 20)).TrimEnd();
        s = s with
        {
            FirstTokenLatency = new LatencySummary(slow),
            InterTokenLatency = new LatencySummary(new LatencyHistogram()),
            Bottleneck = new Bottleneck(BottleneckKind.StepTime, words),
            Warnings = [words, words, words, words],
        };
        string[] lines = Screen(Config, s).TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, 30, 48);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains(lines, line => line.EndsWith(" 9999000 9999000 9999000 9999000 9999000", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("none", StringComparison.Ordinal));
        Assert.EndsWith("more; --json lists them all.", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Does_without_a_breakdown()
    {
        string screen = Screen(Config, Toy.Statistics() with
        {
            Breakdown = null,
            ModelFlopsUtilization = null,
            MemoryBandwidthUtilization = null,
        });
        Assert.DoesNotContain("Where the step time goes", screen, StringComparison.Ordinal);
        Assert.Contains("\nGPU        busy 90.0% of the time\n", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_what_was_asked_for_where_the_benchmark_has_it()
    {
        SimulationStatistics s = Toy.Statistics(new SloSpec { TtftMilliseconds = 15, E2elMilliseconds = 28 }, pricePerHour: 9);
        string screen = Screen(Config, s with { Peaks = new RunPeaks(5, 3) }, [50, 75, 99.9]);
        Assert.Contains(
            """
            Request throughput (req/s):              75.00
            Request goodput (req/s):                 25.00
            Output token throughput (tok/s):         150.00
            Peak output token throughput (tok/s):    5.00
            Peak concurrent requests:                3.00
            Total token throughput (tok/s):          15150.00
            ------------------ Latency (ms) -------    Mean  Median     P75   P99.9
            """.ReplaceLineEndings("\n"), screen, StringComparison.Ordinal);
        Assert.Contains("\nGoodput    33.3% of the requests keep all objectives (ttft 66.7%, e2el 66.7%)\n", screen, StringComparison.Ordinal);
        Assert.Contains("\nCost       16.667 per million output tokens, 0.165 per million in and out\n", screen, StringComparison.Ordinal);
    }

    private static string Screen(SimulatorConfig config, SimulationStatistics statistics, IReadOnlyList<double>? percentiles = null)
    {
        using var writer = new StringWriter();
        ConsoleReport.Write(writer, config, statistics, percentiles);
        return writer.ToString();
    }
}
