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
            Name = Math.Max(1, RandomStream.Hash(_before + (ulong)segment));
            _before = RandomStream.Hash(Name + (ulong)tokens);
            _endTokens += tokens;
            EndBlock = _endTokens / blockSize;
        }
    }
}
