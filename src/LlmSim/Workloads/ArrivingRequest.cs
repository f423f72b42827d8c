using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>A request as the client sends it.</summary>
/// <param name="Arrival">When it reaches the server.</param>
/// <param name="InputTokens">Prompt length in tokens. At least 1.</param>
/// <param name="OutputTokens">Tokens it generates unless the maximum length ends it first. At least 1.</param>
/// <param name="Priority">Smaller is more urgent, where the scheduling policy looks at it. Default 0.</param>
public readonly record struct ArrivingRequest(SimTime Arrival, int InputTokens, int OutputTokens, int Priority = 0);
