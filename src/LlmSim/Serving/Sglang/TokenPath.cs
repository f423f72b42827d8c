using LlmSim.Workloads;

namespace LlmSim.Serving.Sglang;

/// <summary>What a request says, prompt and then output, as runs of tokens.</summary>
internal static class TokenPath
{
    // Segments that belong to one request only; those of workloads are far from here.
    private const long FirstOwnSegment = long.MinValue + 1;

    /// <summary>The path of a request that shares nothing.</summary>
    public static TokenRun[] Of(long id, int inputTokens)
    {
        long own = FirstOwnSegment + (2 * id);
        return [new TokenRun(own, inputTokens), new TokenRun(own + 1, int.MaxValue)];
    }

    /// <summary>The path of a request; its last run, the output, has no end.</summary>
    public static TokenRun[] Of(in InboundRequest request)
    {
        long own = FirstOwnSegment + (2 * request.Id);
        var runs = new List<TokenRun>();
        int left = request.InputTokens;
        if (request.Content is { } content)
        {
            foreach (ContentRun run in content.Runs)
            {
                if (left > 0)
                {
                    runs.Add(new TokenRun(run.Segment, Math.Min(run.Tokens, left)));
                    left -= runs[^1].Tokens;
                }
            }
        }

        if (left > 0)
        {
            runs.Add(new TokenRun(own, left));
        }

        long answer = request.Content?.AnswerSegment ?? 0;
        runs.Add(new TokenRun(answer == 0 ? own + 1 : answer, int.MaxValue));
        return [.. runs];
    }
}
