using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>The scheduler moved a request from the waiting queue to the running ones.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When the scheduler decided; the step may start later.</param>
/// <param name="Resumed">True when it ran before and was preempted.</param>
public readonly record struct RequestScheduled(long RequestId, SimTime Time, bool Resumed);
