using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A request was refused: it can never run, or the queue was full.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When it arrived, or came to the full queue.</param>
/// <param name="Reason">Why, in words.</param>
public readonly record struct RequestRejected(long RequestId, SimTime Time, string Reason);
