using LlmSim.Serving;

namespace LlmSim.Metrics;

/// <summary>The engine's limits with every default resolved.</summary>
/// <param name="MaxNumSeqs">Most sequences running at once.</param>
/// <param name="MaxNumBatchedTokens">Most new tokens in one step.</param>
/// <param name="MaxModelLen">Longest sequence in tokens.</param>
/// <param name="KvBlocks">KV blocks that requests can hold.</param>
/// <param name="BlockSize">Tokens per KV block.</param>
public sealed record EngineSummary(int MaxNumSeqs, int MaxNumBatchedTokens, int MaxModelLen, int KvBlocks, int BlockSize)
{
    /// <summary>Requests that a static or dynamic batch waits for; 0, the default, for continuous batching.</summary>
    public int BatchSize { get; init; }

    internal static EngineSummary Of(EngineLimits limits) => new(
        limits.MaxNumSeqs, limits.MaxNumBatchedTokens, limits.MaxModelLen, limits.UsableBlocks, limits.BlockSize)
    {
        BatchSize = limits.BatchSize,
    };
}
