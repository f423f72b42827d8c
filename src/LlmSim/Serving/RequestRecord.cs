using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>What became of one request: a row of <c>--requests</c>.</summary>
/// <param name="Id">Number in order of arrival, from 0.</param>
/// <param name="Arrival">When it reached the server.</param>
/// <param name="Ready">When it was tokenised and joined the engine's queue.</param>
/// <param name="Scheduled">When the scheduler first gave it tokens.</param>
/// <param name="FirstToken">When its first token was emitted, or, with a detokeniser, reached its client.</param>
/// <param name="Finish">The same of its last token.</param>
/// <param name="InputTokens">Prompt tokens.</param>
/// <param name="OutputTokens">Tokens generated; fewer than asked where the maximum length ended it.</param>
/// <param name="Preemptions">How often it was thrown out, and recomputed or swapped.</param>
/// <param name="Class">Index of its class among those of the workload; 0 without classes.</param>
public readonly record struct RequestRecord(
    long Id, SimTime Arrival, SimTime Ready, SimTime Scheduled, SimTime FirstToken, SimTime Finish,
    int InputTokens, int OutputTokens, int Preemptions, byte Class = 0);
