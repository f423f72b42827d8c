namespace LlmSim.Metrics;

/// <summary>Peaks of a run, as <c>vllm bench serve</c> defines them.</summary>
/// <param name="OutputTokensPerSecond">Most tokens emitted in a second, seconds counted from the first request.</param>
/// <param name="ConcurrentRequests">Most requests under way at once.</param>
public sealed record RunPeaks(long OutputTokensPerSecond, long ConcurrentRequests);
