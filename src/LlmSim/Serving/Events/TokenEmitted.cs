using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A request produced a token.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When the step that computed it ended.</param>
/// <param name="Index">Number of the token in the output, from 1.</param>
public readonly record struct TokenEmitted(long RequestId, SimTime Time, int Index);
