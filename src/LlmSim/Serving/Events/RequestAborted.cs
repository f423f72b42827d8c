using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>The engine dropped a request whose client had given up.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When the engine learned of it.</param>
/// <param name="OutputTokens">Tokens generated in vain, one in flight included.</param>
public readonly record struct RequestAborted(long RequestId, SimTime Time, int OutputTokens);
