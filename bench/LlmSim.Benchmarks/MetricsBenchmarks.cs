using BenchmarkDotNet.Attributes;
using LlmSim.Costs;
using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Workloads;

namespace LlmSim.Benchmarks;

/// <summary>What one report of the engine to its metrics costs. Every line must say 0 bytes allocated.</summary>
[MemoryDiagnoser]
public class MetricsBenchmarks
{
    private const int Values = 1024;

    private static readonly EngineLimits Limits = new()
    {
        MaxNumSeqs = 256,
        MaxNumBatchedTokens = 8192,
        MaxModelLen = 4096,
        UsableBlocks = 10_000,
        BlockSize = 16,
    };

    private readonly LatencyHistogram _histogram = new();
    private readonly MetricsCollector _collector = new(Limits);
    private readonly long[] _durations = new long[Values];
    private readonly SeenPrompts _seen = new();
    private readonly PromptContent _prefix = new([new ContentRun(1, 1000)]);
    private readonly PromptContent _prompt = new(Enumerable.Range(2, 24).Select(segment => new ContentRun(segment, 512)));
    private BatchShape _mixed;

    /// <summary>Draws durations around 20 ms and warms all buckets up.</summary>
    [GlobalSetup]
    public void Setup()
    {
        ulong state = 1;
        for (int i = 0; i < Values; i++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            _durations[i] = 10_000_000 + (long)(state >> 40);
        }

        _mixed.AddDecode(100, 60_000);
        _mixed.AddPrefill(512, 0, endsPrompt: true);
    }

    /// <summary>A duration in nanoseconds: once per measure and request.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public void Record()
    {
        foreach (long duration in _durations)
        {
            _histogram.Record(duration);
        }
    }

    /// <summary>A weighted duration in quanta: once per step.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public void RecordQuanta()
    {
        foreach (long duration in _durations)
        {
            _histogram.RecordQuanta(duration << 20, 100);
        }
    }

    /// <summary>A run of 8, 100 and 1000 steps.</summary>
    [Benchmark]
    [Arguments(8)]
    [Arguments(100)]
    [Arguments(1000)]
    public void RecordRun(int steps) => _histogram.RecordRun(10L << 40, 100L << 30, steps, 100);

    /// <summary>A step with prefill and decode, all its figures.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public void Step()
    {
        foreach (long duration in _durations)
        {
            _collector.Step(default, in _mixed, new StepTimes(duration << 20, duration << 20, duration << 20), 101, 5000);
        }
    }

    /// <summary>A run of 8 and of 100 decode steps, all its figures.</summary>
    [Benchmark]
    [Arguments(8)]
    [Arguments(100)]
    public void DecodeRun(int steps) => _collector.DecodeRun(
        default, 100, 101, 60_000, steps, new DecodeRunCost(10L << 40, 100L << 30, 1000), 11L * steps << 40, (Int128)steps << 52, 5000);

    /// <summary>A percentile of a filled histogram.</summary>
    [Benchmark]
    public long Percentile()
    {
        _histogram.Record(_durations[0]);
        return _histogram.Percentile(99);
    }

    /// <summary>How much of a prompt of so many runs an endless cache would have.</summary>
    [Benchmark]
    [Arguments(1)]
    [Arguments(24)]
    public int SeenPrompt(int runs) => _seen.Add(runs == 1 ? _prefix : _prompt, 12_000, 100);
}
