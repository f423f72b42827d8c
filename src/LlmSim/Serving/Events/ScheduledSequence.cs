namespace LlmSim.Serving.Events;

/// <summary>One request's part in a step.</summary>
/// <param name="RequestId">Number in order of arrival, from 0.</param>
/// <param name="Tokens">New tokens computed. At least 1.</param>
/// <param name="Context">Tokens computed before.</param>
/// <param name="IsPrefill">True for a prompt chunk, also of a resumed request; false for a decode.</param>
/// <param name="EmitsIndex">Number of the output token it produces, from 1; 0 when it produces none.</param>
/// <param name="Finishes">True when that token is its last.</param>
public readonly record struct ScheduledSequence(
    long RequestId, int Tokens, int Context, bool IsPrefill, int EmitsIndex, bool Finishes);
