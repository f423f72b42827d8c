using LlmSim.Simulation;

namespace LlmSim.Validation;

/// <summary>A request of a measured run.</summary>
/// <param name="Arrival">When it was sent, or came to the engine; counted from the run's first.</param>
/// <param name="InputTokens">Prompt tokens.</param>
/// <param name="OutputTokens">Tokens that the server generated, or would have generated.</param>
/// <param name="Prompt">Number of its prompt, which requests of the same prompt share, from 0; −1 when nothing is known of it.</param>
/// <param name="Times">What was measured of it; null when it failed.</param>
internal readonly record struct MeasuredRequest(
    SimTime Arrival, int InputTokens, int OutputTokens, int Prompt, RequestTimes? Times)
{
    /// <summary>When a failed request failed, since its arrival; null when it did not fail or that is not known.</summary>
    public SimTime? FailedAfter { get; init; }
}
