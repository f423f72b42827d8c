namespace LlmSim.Serving;

/// <summary>What is known of a request's tokens, those in flight included.</summary>
/// <param name="IsHere">Whether the engine has it.</param>
/// <param name="FirstTokenNs">When its client has the first token, in nanoseconds; 0 for not known yet.</param>
/// <param name="LastTokenNs">When its client has the last token; 0 for not known yet.</param>
internal readonly record struct RequestProgress(bool IsHere, long FirstTokenNs, long LastTokenNs);
