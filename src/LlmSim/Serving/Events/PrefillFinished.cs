using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A step that computed the last chunk of a prompt ended.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When the step ended.</param>
public readonly record struct PrefillFinished(long RequestId, SimTime Time);
