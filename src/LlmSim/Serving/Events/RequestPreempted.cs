using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A running request was thrown out; its KV blocks are free and it will be recomputed.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When the scheduler decided.</param>
public readonly record struct RequestPreempted(long RequestId, SimTime Time);
