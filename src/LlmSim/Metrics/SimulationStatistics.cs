using LlmSim.Costs;
using LlmSim.Simulation;

namespace LlmSim.Metrics;

/// <summary>The figures of one run. Rates are per second of <see cref="Duration"/>.</summary>
public sealed record SimulationStatistics
{
    /// <summary>Requests that reached the server, rejected ones included.</summary>
    public required long TotalRequests { get; init; }

    /// <summary>Requests that got all their tokens.</summary>
    public required long CompletedRequests { get; init; }

    /// <summary>Requests refused: those that can never run, and those that met a full queue.</summary>
    public required long RejectedRequests { get; init; }

    /// <summary>Those of them that met a full queue. Default 0.</summary>
    public long QueueFullRejections { get; init; }

    /// <summary>Requests whose clients gave up waiting. Default 0.</summary>
    public long AbortedRequests { get; init; }

    /// <summary>Prompt tokens computed for requests whose clients gave up. Default 0.</summary>
    public long WastedInputTokens { get; init; }

    /// <summary>Tokens generated for requests whose clients gave up. Default 0.</summary>
    public long WastedOutputTokens { get; init; }

    /// <summary>Prompt tokens of the completed requests.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Tokens generated for the completed requests.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>From the start of the simulation to its end: the last token, or where it was stopped.</summary>
    public required SimTime SimulationTime { get; init; }

    /// <summary>From the first request sent to the last token: what serving benchmarks call the duration.</summary>
    public required SimTime Duration { get; init; }

    /// <summary>From the first request sent to the last one: <see cref="Duration"/> without the time in which the last ones are served.</summary>
    internal SimTime ArrivalSpan { get; init; }

    /// <summary>Whether the run was stopped before its end. Requests then under way count in <see cref="TotalRequests"/> only.</summary>
    public required bool IsPartial { get; init; }

    /// <summary>Completed requests per second.</summary>
    public double RequestsPerSecond => PerSecond(CompletedRequests);

    /// <summary>Prompt tokens per second.</summary>
    public double InputTokensPerSecond => PerSecond(InputTokens);

    /// <summary>Generated tokens per second.</summary>
    public double OutputTokensPerSecond => PerSecond(OutputTokens);

    /// <summary>Prompt and generated tokens per second.</summary>
    public double TotalTokensPerSecond => PerSecond(InputTokens + OutputTokens);

    /// <summary>How many requests kept the objectives; null without objectives.</summary>
    public required GoodputSummary? Goodput { get; init; }

    /// <summary>The figures of each class of requests; empty without classes.</summary>
    public required IReadOnlyList<ClassSummary> Classes { get; init; }

    /// <summary>What a million tokens cost; null without a price.</summary>
    public required CostSummary? Cost { get; init; }

    /// <summary>Peaks of the run; null unless they were asked for.</summary>
    public RunPeaks? Peaks { get; init; }

    /// <summary>Time to first token: request sent to first token.</summary>
    public required LatencySummary FirstTokenLatency { get; init; }

    /// <summary>Request sent to last token.</summary>
    public required LatencySummary EndToEndLatency { get; init; }

    /// <summary>First scheduled to first token.</summary>
    public required LatencySummary PrefillLatency { get; init; }

    /// <summary>Per request of at least two tokens: (last token − first token) / (tokens − 1).</summary>
    public required LatencySummary TimePerOutputToken { get; init; }

    /// <summary>Gaps between successive tokens of a request, pooled over all requests.</summary>
    public required LatencySummary InterTokenLatency { get; init; }

    /// <summary>Time in the engine's queue before first being scheduled.</summary>
    public required LatencySummary QueueTime { get; init; }

    /// <summary>Share of the duration in which a GPU is busy, from 0 to 1.</summary>
    public required double GpuUtilization { get; init; }

    /// <summary>MFU: floating-point operations of the model over what the GPU could do in the duration, from 0 to 1; null without a breakdown.</summary>
    public required double? ModelFlopsUtilization { get; init; }

    /// <summary>MBU: bytes moved over what the GPU's memory could move in the duration, from 0 to 1; null without a breakdown.</summary>
    public required double? MemoryBandwidthUtilization { get; init; }

    /// <summary>Requests waiting to be scheduled (the prefill queue).</summary>
    public required GaugeSummary WaitingRequests { get; init; }

    /// <summary>Requests running (the decode queue).</summary>
    public required GaugeSummary RunningRequests { get; init; }

    /// <summary>KV blocks held, as a share of those that requests can hold, from 0 to 1.</summary>
    public required GaugeSummary KvCacheUsage { get; init; }

    /// <summary>How often a request was thrown out for want of KV blocks.</summary>
    public required long Preemptions { get; init; }

    /// <summary>How many of these times it was swapped to host memory; the other times it was recomputed. Default 0.</summary>
    public long Swaps { get; init; }

    /// <summary>What the prefix cache saved; null when no prompt could share anything with another.</summary>
    public PrefixCacheSummary? PrefixCache { get; init; }

    /// <summary>The engine's limits, every default resolved.</summary>
    public required EngineSummary Engine { get; init; }

    /// <summary>Where the time of the steps went; null when the cost model cannot tell.</summary>
    public required CostBreakdown? Breakdown { get; init; }

    /// <summary>Whether the queue kept pace with the load; null when too few requests came to tell.</summary>
    public required QueueTrend? Queue { get; init; }

    /// <summary>What limits the deployment.</summary>
    public required Bottleneck Bottleneck { get; init; }

    /// <summary>What the user should know before trusting the figures, one sentence or two each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    private double PerSecond(long count) => Duration.Nanoseconds > 0 ? count / Duration.Seconds : 0;
}
