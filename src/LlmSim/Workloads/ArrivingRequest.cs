using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>A request as the client sends it.</summary>
/// <param name="Arrival">When it reaches the server.</param>
/// <param name="InputTokens">Prompt length in tokens. At least 1.</param>
/// <param name="OutputTokens">Tokens it generates unless the maximum length ends it first. At least 1.</param>
/// <param name="Class">Index of its class among those of the workload; 0 without classes.</param>
public readonly record struct ArrivingRequest(SimTime Arrival, int InputTokens, int OutputTokens, byte Class = 0)
{
    /// <summary>What its prompt shares with other requests; null for nothing.</summary>
    public PromptContent? Content { get; init; }

    /// <summary>The conversation that it is the current turn of; null for none.</summary>
    internal Session? Session { get; init; }

    /// <summary>
    /// Most output tokens that it allows, which some engines reserve memory for; 0, or fewer than it generates, for as many as it
    /// generates.
    /// </summary>
    public int OutputLimit { get; init; }
}
