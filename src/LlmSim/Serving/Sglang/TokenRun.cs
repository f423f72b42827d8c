namespace LlmSim.Serving.Sglang;

/// <summary>Successive tokens of a segment. Tokens are the same only if segment and place in it are.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Tokens">How many of its tokens, from its first.</param>
internal readonly record struct TokenRun(long Segment, int Tokens);
