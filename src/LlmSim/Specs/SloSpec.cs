namespace LlmSim.Specs;

/// <summary>Service level objectives: the latencies that a request must keep to count as goodput. Null means no such objective.</summary>
/// <remarks>As <c>vllm bench serve --goodput ttft:500 tpot:50 e2el:8000</c>: a request meets an objective when it takes no longer.</remarks>
public sealed record SloSpec
{
    /// <summary>Longest time to first token, in milliseconds. Above 0.</summary>
    public double? TtftMilliseconds { get; init; }

    /// <summary>Longest time per output token after the first, in milliseconds. Above 0. A request of one token meets it.</summary>
    public double? TpotMilliseconds { get; init; }

    /// <summary>Longest time from request to last token, in milliseconds. Above 0.</summary>
    public double? E2elMilliseconds { get; init; }

    /// <summary>Whether there is any objective.</summary>
    public bool IsSet => TtftMilliseconds is not null || TpotMilliseconds is not null || E2elMilliseconds is not null;
}
