using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A request reached the server.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When.</param>
/// <param name="InputTokens">Prompt tokens.</param>
/// <param name="OutputTokens">Tokens it asks for.</param>
public readonly record struct RequestArrived(long RequestId, SimTime Time, int InputTokens, int OutputTokens);
