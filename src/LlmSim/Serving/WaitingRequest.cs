using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>What a scheduling policy may look at when a request joins the waiting queue.</summary>
/// <param name="Id">Number in order of arrival, from 0.</param>
/// <param name="Arrival">When it reached the server.</param>
/// <param name="InputTokens">Prompt tokens.</param>
/// <param name="OutputTokens">Tokens it will generate, cut to the maximum sequence length. A real server can only guess it.</param>
/// <param name="Class">Index of its class among those of the workload; 0 without classes.</param>
public readonly record struct WaitingRequest(long Id, SimTime Arrival, int InputTokens, int OutputTokens, byte Class);
