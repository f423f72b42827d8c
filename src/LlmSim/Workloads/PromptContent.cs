namespace LlmSim.Workloads;

/// <summary>
/// What a prompt says, as far as other requests may say the same: runs of tokens from its beginning. Tokens behind them are the
/// request's own. Immutable, so that requests that say the same can share one.
/// </summary>
public sealed class PromptContent
{
    private readonly ContentRun[] _runs;
    private readonly int _count;

    /// <summary>Creates a description.</summary>
    /// <param name="runs">The runs in order; none for a prompt of the request's own.</param>
    /// <param name="answerSegment">The segment that the request's output tokens make up, 0 when no other request repeats them.</param>
    /// <exception cref="ArgumentException">A run has no segment or no tokens.</exception>
    public PromptContent(IEnumerable<ContentRun> runs, long answerSegment = 0)
    {
        _runs = [.. runs];
        _count = CommonRuns = _runs.Length;
        AnswerSegment = answerSegment;
        foreach (ContentRun run in _runs)
        {
            if (run.Segment == 0 || run.Tokens < 1)
            {
                throw new ArgumentException($"A run needs a segment and tokens: {run}.", nameof(runs));
            }

            Tokens = checked(Tokens + run.Tokens);
        }
    }

    /// <summary>What says the first runs of an array that is taken over: the turns of a conversation share one.</summary>
    /// <param name="runs">The runs, which are in order.</param>
    /// <param name="count">How many of them it says.</param>
    /// <param name="tokens">Tokens of these.</param>
    /// <param name="answerSegment">The segment of the answer.</param>
    internal PromptContent(ContentRun[] runs, int count, int tokens, long answerSegment)
    {
        _runs = runs;
        _count = CommonRuns = count;
        Tokens = tokens;
        AnswerSegment = answerSegment;
    }

    /// <summary>The runs in order.</summary>
    public ReadOnlySpan<ContentRun> Runs => _runs.AsSpan(0, _count);

    /// <summary>Tokens described: the sum of the runs. More than the prompt has are not looked at.</summary>
    public int Tokens { get; }

    /// <summary>The first runs that requests outside of its conversation may repeat; all for a request outside of conversations.</summary>
    internal int CommonRuns { get; init; }

    /// <summary>Tokens that were computed for the turn before: its prompt, and its answer but for the last token. 0 for none.</summary>
    internal int EarlierTokens { get; init; }

    /// <summary>The segment that the output tokens make up, 0 when no other request repeats them.</summary>
    public long AnswerSegment { get; }
}
