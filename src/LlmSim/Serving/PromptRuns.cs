using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>The runs of a request's tokens from the front, by the blocks that end in each. The answer is one more run, without an end.</summary>
/// <param name="content">What the tokens say.</param>
/// <param name="inputTokens">Prompt tokens.</param>
/// <param name="blockSize">Tokens per block.</param>
internal ref struct PromptRuns(PromptContent content, int inputTokens, int blockSize)
{
    private readonly ReadOnlySpan<ContentRun> _runs = content.Runs;
    private int _next;
    private int _endTokens;
    private ulong _before; // names all runs so far

    /// <summary>Names the run and all before it: the same for the same beginning. Never 0.</summary>
    public ulong Name { get; private set; }

    /// <summary>The block behind the last one that ends in this run or before.</summary>
    public int EndBlock { get; private set; }

    /// <summary>Goes to the run in which a block ends; blocks never go back.</summary>
    public void MoveTo(int block)
    {
        while (block >= EndBlock)
        {
            bool isPrompt = _endTokens < inputTokens && _next < _runs.Length;
            long segment = isPrompt ? _runs[_next].Segment : content.AnswerSegment;
            int tokens = isPrompt ? Math.Min(_runs[_next++].Tokens, inputTokens - _endTokens) : int.MaxValue - _endTokens;
            Name = Math.Max(1, Mix(_before + (ulong)segment));
            _before = Mix(Name + (ulong)tokens);
            _endTokens += tokens;
            EndBlock = _endTokens / blockSize;
        }
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong x)
    {
        x += 0x9e3779b97f4a7c15;
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    }
}
