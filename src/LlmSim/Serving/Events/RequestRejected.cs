using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A request that can never run was refused.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Reason">Why, in words.</param>
public readonly record struct RequestRejected(long RequestId, SimTime Time, string Reason);
