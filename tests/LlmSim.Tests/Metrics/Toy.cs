using LlmSim.Costs;
using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Workloads;

namespace LlmSim.Tests.Metrics;

/// <summary>
/// Three requests that can be followed by hand, times in milliseconds. Prompts of 100, 200 and 300 tokens, outputs of 3, 2
/// and 1; at most 2 run at once. Each step takes 10 ms.
/// <code>
/// step  from..to  what                         running  blocks
/// 1     100..110  A prefill                    1        10
/// 2     110..120  A decode, B prefill          2        20
/// 3     120..130  A decode (ends), B decode (ends)  2   22
/// 4     130..140  C prefill (ends)             1        18
/// </code>
/// Arrivals: A 100, B 105, C 115; the queue sees A 0, B 5 and C 15 ms of waiting.
/// </summary>
internal static class Toy
{
    public static readonly EngineLimits Limits = new()
    {
        MaxNumSeqs = 2,
        MaxNumBatchedTokens = 512,
        MaxModelLen = 1000,
        UsableBlocks = 40,
        BlockSize = 16,
    };

    public static readonly CostBreakdown Breakdown = new()
    {
        TotalSeconds = 0.040,
        ComputeSeconds = 0.010,
        MemorySeconds = 0.024,
        CommunicationSeconds = 0,
        LatencySeconds = 0.002,
        HostSeconds = 0.004,
        Operators =
        [
            Operator(StepOperator.QkvProjection, 0.004, CostClass.Memory),
            Operator(StepOperator.DecodeValues, 0.006, CostClass.Memory),
            Operator(StepOperator.MlpUp, 0.014, CostClass.Memory),
            Operator(StepOperator.MlpDown, 0.010, CostClass.Compute),
            Operator(StepOperator.Sampler, 0.002, CostClass.Latency),
        ],
        FlopsPerGpu = 1e12,
        MemoryBytesPerGpu = 2e10,
        PeakFlopsPerSecond = 1e14,
        PeakBytesPerSecond = 1e12,
    };

    public static SimTime Ms(double milliseconds) => SimTime.FromSeconds(milliseconds / 1e3);

    public static MetricsCollector Run(RequestSink? sink = null, SloSpec? objectives = null)
    {
        var collector = new MetricsCollector(Limits, sink, objectives);
        Play(collector);
        return collector;
    }

    /// <summary>Tells a meter the whole story, as the fast engine would.</summary>
    public static void Play(ServingMeter meter)
    {
        Arrive(meter, 100, 100, 3);
        meter.QueueLength(1);
        meter.Scheduled(Ms(100).Nanoseconds, 0, first: true);
        Step(meter, 100, decodes: 0, context: 0, prefill: 100, running: 1, blocks: 10);
        meter.FirstToken(Ms(10).Nanoseconds, Ms(10).Nanoseconds);
        Arrive(meter, 105, 200, 2);
        meter.QueueLength(1);
        meter.Scheduled(Ms(110).Nanoseconds, Ms(5).Nanoseconds, first: true);
        Step(meter, 110, decodes: 1, context: 101, prefill: 200, running: 2, blocks: 20);
        meter.FirstToken(Ms(15).Nanoseconds, Ms(10).Nanoseconds);
        Arrive(meter, 115, 300, 1);
        meter.QueueLength(1);
        meter.DecodeRun(
            EngineClock.At(Ms(120).Nanoseconds), 2, 2, 303, 1, new DecodeRunCost(Quanta, 0, 1), Quanta, (Int128)22 * Quanta, 22);
        meter.Finished(new RequestRecord(0, Ms(100), Ms(100), Ms(100), Ms(110), Ms(130), 100, 3, 0));
        meter.Finished(new RequestRecord(1, Ms(105), Ms(105), Ms(110), Ms(120), Ms(130), 200, 2, 0));
        meter.Scheduled(Ms(130).Nanoseconds, Ms(15).Nanoseconds, first: true);
        Step(meter, 130, decodes: 0, context: 0, prefill: 300, running: 1, blocks: 18);
        meter.FirstToken(Ms(25).Nanoseconds, Ms(10).Nanoseconds);
        meter.Finished(new RequestRecord(2, Ms(115), Ms(115), Ms(130), Ms(140), Ms(140), 300, 1, 0));
        meter.Ended(Ms(140).Nanoseconds);
    }

    public static SimulationStatistics Statistics(SloSpec? objectives = null, double? pricePerHour = null) =>
        new SimulationMetrics(Run(objectives: objectives), Limits, Breakdown, isPartial: false, pricePerHour: pricePerHour).ComputeStatistics();

    private static OperatorCost Operator(StepOperator op, double seconds, CostClass boundBy) =>
        new(op, Kernels: 1, Flops: 1e9, Bytes: 1e6, seconds, boundBy);

    private static long Quanta => Ms(10).Nanoseconds << 20;

    private static void Arrive(ServingMeter meter, double ms, int input, int output)
    {
        meter.Arrived(new ArrivingRequest(Ms(ms), input, output));
        meter.Queued(Ms(ms).Nanoseconds, Ms(ms).Nanoseconds);
    }

    private static void Step(ServingMeter meter, double startMs, int decodes, long context, int prefill, int running, int blocks)
    {
        var shape = default(BatchShape);
        shape.AddDecode(decodes, context);
        shape.AddPrefill(prefill, 0, endsPrompt: true);
        meter.Step(EngineClock.At(Ms(startMs + 10).Nanoseconds), in shape, new StepTimes(Quanta, Quanta, Quanta), running, blocks);
    }
}
