using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A step began to compute a chunk of a prompt.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When the step started.</param>
/// <param name="Tokens">New tokens in the chunk.</param>
/// <param name="Context">Tokens computed before it.</param>
public readonly record struct PrefillStarted(long RequestId, SimTime Time, int Tokens, int Context);
