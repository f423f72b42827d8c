using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>Walks a request's tokens from the front and names what they say up to each point.</summary>
/// <param name="content">What they say; the answer follows the prompt.</param>
/// <param name="inputTokens">Prompt tokens.</param>
internal ref struct ContentCursor(PromptContent content, int inputTokens)
{
    private readonly ReadOnlySpan<ContentRun> _runs = content.Runs;
    private int _next;
    private ulong _before; // what all runs before this one say
    private long _segment;
    private int _start;
    private int _end;

    /// <summary>A name for the first <paramref name="tokens"/> tokens: the same for the same tokens, never 0. Ascending from call to call.</summary>
    public ulong NameUpTo(int tokens)
    {
        while (tokens > _end)
        {
            _before = _end == 0 ? 0 : Name(_before, _segment, _end - _start);
            _start = _end;
            bool isPrompt = _end < inputTokens && _next < _runs.Length;
            _segment = isPrompt ? _runs[_next].Segment : content.AnswerSegment;
            _end = isPrompt ? Math.Min(_end + _runs[_next++].Tokens, inputTokens) : int.MaxValue;
        }

        return Name(_before, _segment, tokens - _start);
    }

    private static ulong Name(ulong before, long segment, int tokens) =>
        Math.Max(1, Mix(Mix(before + (ulong)segment) + (ulong)tokens));

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong x)
    {
        x += 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
