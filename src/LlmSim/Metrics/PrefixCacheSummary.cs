namespace LlmSim.Metrics;

/// <summary>
/// What the prefix cache saved, in the words of vLLM's metrics (<c>vllm:prefix_cache_queries</c> and <c>vllm:prefix_cache_hits</c>, both
/// in tokens), and beside it what a cache that never forgets would have saved.
/// </summary>
public sealed record PrefixCacheSummary
{
    /// <summary>Requests looked up when they were first admitted; 0 where the engine caches nothing.</summary>
    public required long Requests { get; init; }

    /// <summary>Those of them of which at least one block was found.</summary>
    public required long RequestsWithHit { get; init; }

    /// <summary>Prompt tokens looked up when their requests were first admitted.</summary>
    public required long Queries { get; init; }

    /// <summary>Those of them that were found, and so not computed.</summary>
    public required long Hits { get; init; }

    /// <summary><see cref="Hits"/> over <see cref="Queries"/>, from 0 to 1; null without queries.</summary>
    public double? HitRate => Share(Hits, Queries);

    /// <summary>Tokens, of prompts and of what was generated, looked up when requests were admitted again after a preemption.</summary>
    public required long PreemptedQueries { get; init; }

    /// <summary>Those of them that were found.</summary>
    public required long PreemptedHits { get; init; }

    /// <summary><see cref="PreemptedHits"/> over <see cref="PreemptedQueries"/>, from 0 to 1; null without queries.</summary>
    public double? PreemptedHitRate => Share(PreemptedHits, PreemptedQueries);

    /// <summary>Tokens that did not have to be computed, first admissions and later ones.</summary>
    public long SavedTokens => Hits + PreemptedHits;

    /// <summary>Prompt tokens of all requests that were accepted.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>
    /// Those of them that a cache without limit would have had: whole blocks that an earlier arrival began with, its answer included, at
    /// most all tokens but one.
    /// </summary>
    public required long IdealHits { get; init; }

    /// <summary><see cref="IdealHits"/> over <see cref="PromptTokens"/>, from 0 to 1; null without prompts.</summary>
    public double? IdealHitRate => Share(IdealHits, PromptTokens);

    /// <summary>The figures of a run; null when no prompt could share anything and nothing was found.</summary>
    internal static PrefixCacheSummary? Of(PrefixCacheTally tally) => !tally.HasContent && tally.Hits + tally.PreemptedHits == 0 ? null : new()
    {
        Requests = tally.Requests,
        RequestsWithHit = tally.RequestsWithHit,
        Queries = tally.Queries,
        Hits = tally.Hits,
        PreemptedQueries = tally.PreemptedQueries,
        PreemptedHits = tally.PreemptedHits,
        PromptTokens = tally.PromptTokens,
        IdealHits = tally.IdealHits,
    };

    private static double? Share(long part, long whole) => whole > 0 ? (double)part / whole : null;
}
