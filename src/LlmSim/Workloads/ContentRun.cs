namespace LlmSim.Workloads;

/// <summary>The first tokens of a segment. Two tokens are the same only if both their segment and their place in it are.</summary>
/// <param name="Segment">Names the segment: a system prompt, a turn, a block of a trace, an answer. Not 0.</param>
/// <param name="Tokens">How many of its tokens. At least 1.</param>
public readonly record struct ContentRun(long Segment, int Tokens);
