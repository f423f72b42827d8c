using LlmSim.Workloads;

namespace LlmSim.Metrics;

/// <summary>Adds up what the prefix cache was asked for and had, and what a cache that never forgets would have had.</summary>
/// <param name="blockSize">Tokens of a KV block; only whole blocks are hits.</param>
internal sealed class PrefixCacheTally(int blockSize)
{
    private readonly SeenPrompts _seen = new();

    /// <summary>Whether any prompt could share something with another.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Requests looked up when they were first admitted.</summary>
    public long Requests { get; private set; }

    /// <summary>Those of them with a hit.</summary>
    public long RequestsWithHit { get; private set; }

    /// <summary>Tokens of the requests first admitted.</summary>
    public long Queries { get; private set; }

    /// <summary>Those of them found in the cache.</summary>
    public long Hits { get; private set; }

    /// <summary>Tokens of the requests admitted again after a preemption.</summary>
    public long PreemptedQueries { get; private set; }

    /// <summary>Those of them found in the cache.</summary>
    public long PreemptedHits { get; private set; }

    /// <summary>Prompt tokens of the requests that were accepted.</summary>
    public long PromptTokens { get; private set; }

    /// <summary>Those of them that a cache without limit would have had.</summary>
    public long IdealHits { get; private set; }

    /// <summary>The engine looked for a request's tokens.</summary>
    public void LookedUp(int tokens, int hits, bool first)
    {
        if (first)
        {
            Requests++;
            RequestsWithHit += hits > 0 ? 1 : 0;
            Queries += tokens;
            Hits += hits;
        }
        else
        {
            PreemptedQueries += tokens;
            PreemptedHits += hits;
        }
    }

    /// <summary>A request was accepted; calls come in order of arrival.</summary>
    public void Accepted(in ArrivingRequest request)
    {
        PromptTokens += request.InputTokens;
        if (request.Content is { } content)
        {
            // The last token of a prompt is computed in any case, for it is what the first output token comes out of.
            HasContent = true;
            int known = _seen.Add(content, request.InputTokens, request.OutputTokens);
            IdealHits += Math.Min(known, request.InputTokens - 1) / blockSize * blockSize;
        }
    }
}
