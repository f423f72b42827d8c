using System.Runtime.InteropServices;

namespace LlmSim.Workloads;

/// <summary>
/// All prompts so far, as a tree of runs: how much of the next one was said before. What a cache knows that never forgets.
/// </summary>
/// <remarks>
/// A node is told by a hash of its path, the runs before it with their lengths, and its segment; it holds the most tokens of that
/// segment that anybody had there. So memory grows with the distinct runs, and a prompt costs one look a run. Of n runs two are taken
/// for one with a chance of n²/2⁶⁵.
/// </remarks>
internal sealed class SeenPrompts
{
    private readonly Dictionary<ulong, int> _most = [];

    /// <summary>Adds a prompt, and its answer with all tokens but the last, which no engine computes before somebody repeats it.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="inputTokens">Tokens of the prompt.</param>
    /// <param name="outputTokens">Tokens of the answer. At least 1.</param>
    /// <returns>How many tokens from its beginning some earlier prompt, or a prompt with its answer, began with.</returns>
    public int Add(PromptContent content, int inputTokens, int outputTokens)
    {
        ulong path = 0;
        int left = inputTokens, known = 0;
        bool isKnown = true;
        foreach (ContentRun run in content.Runs[..content.CommonRuns])
        {
            int tokens = Math.Min(run.Tokens, left);
            if (tokens == 0)
            {
                break;
            }

            ulong node = Mix(path, (ulong)run.Segment);
            int most = Raise(node, tokens);
            known += isKnown ? Math.Min(most, tokens) : 0;
            isKnown = isKnown && most >= tokens;
            left -= tokens;
            path = Mix(node, (ulong)tokens);
        }

        if (content.AnswerSegment != 0 && left == 0 && outputTokens > 1)
        {
            Raise(Mix(path, (ulong)content.AnswerSegment), outputTokens - 1);
        }

        // What only its own conversation says needs no place in the tree.
        return Math.Max(known, content.EarlierTokens);
    }

    /// <summary>Makes it at least so many tokens at a node.</summary>
    /// <returns>How many there were.</returns>
    private int Raise(ulong node, int tokens)
    {
        ref int most = ref CollectionsMarshal.GetValueRefOrAddDefault(_most, node, out _);
        int before = most;
        most = Math.Max(before, tokens);
        return before;
    }

    private static ulong Mix(ulong path, ulong value) =>
        StableHash.Finish(((path ^ (path >> 29)) * 0x9E3779B97F4A7C15) + value + 0x632BE59BD9B4E019);
}
