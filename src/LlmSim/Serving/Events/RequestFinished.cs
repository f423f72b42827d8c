using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A request produced its last token.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Time">When the step that computed it ended.</param>
/// <param name="OutputTokens">Tokens it generated.</param>
public readonly record struct RequestFinished(long RequestId, SimTime Time, int OutputTokens);
