using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>A tokenised request on its way into an engine.</summary>
/// <param name="Id">Number in order of arrival, from 0.</param>
/// <param name="ArrivalNs">When it reached the server, in nanoseconds.</param>
/// <param name="ReadyNs">When it joins the engine's queue, in nanoseconds.</param>
/// <param name="InputTokens">Prompt tokens, fewer than the maximum sequence length.</param>
/// <param name="OutputTokens">Tokens it will generate, cut to the maximum sequence length.</param>
/// <param name="Class">Index of its class; 0 without classes.</param>
/// <param name="Content">What its prompt shares with other requests; null for nothing.</param>
/// <param name="OutputLimit">Most tokens that it allows, cut to the maximum sequence length; 0 for as many as it generates.</param>
internal readonly record struct InboundRequest(
    long Id, long ArrivalNs, long ReadyNs, int InputTokens, int OutputTokens,
    byte Class = 0, PromptContent? Content = null, int OutputLimit = 0)
{
    /// <summary>Most tokens that it may come to have in the cache: prompt and longest answer.</summary>
    public int LongestTokens => InputTokens + Math.Max(OutputLimit, OutputTokens);

    /// <summary>What a scheduling policy sees of it.</summary>
    public WaitingRequest AsWaiting => new(Id, new SimTime(ArrivalNs), InputTokens, OutputTokens, Class);
}
