using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A request was tokenised and joined the waiting queue.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When.</param>
public readonly record struct RequestTokenized(long RequestId, SimTime Time);
