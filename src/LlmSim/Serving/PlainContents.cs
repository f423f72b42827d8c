using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>What a request's tokens say, block by block, as vLLM hashes them: each block's hash takes in those before.</summary>
internal sealed class PlainContents(InboundRequest inbound, int blockSize)
{
    private readonly List<ulong> _blocks = [];
    private readonly IEnumerator<(long Segment, int Position)> _tokens = Tokens(inbound).GetEnumerator();

    /// <summary>Hash of the tokens up to the end of a block.</summary>
    public ulong this[int block]
    {
        get
        {
            while (_blocks.Count <= block)
            {
                ulong hash = _blocks.Count == 0 ? 0 : _blocks[^1];
                for (int i = 0; i < blockSize; i++)
                {
                    _tokens.MoveNext();
                    hash = RandomStream.Hash(RandomStream.Hash(hash ^ (ulong)_tokens.Current.Segment) ^ (ulong)_tokens.Current.Position);
                }

                _blocks.Add(hash);
            }

            return _blocks[block];
        }
    }

    // Prompt and answer, without an end.
    private static IEnumerable<(long Segment, int Position)> Tokens(InboundRequest inbound)
    {
        long own = long.MinValue + (2 * inbound.Id); // segments of its own: the rest of the prompt, and the answer
        int prompt = 0;
        foreach (ContentRun run in inbound.Content?.Runs.ToArray() ?? [])
        {
            for (int i = 0; i < run.Tokens && prompt < inbound.InputTokens; i++, prompt++)
            {
                yield return (run.Segment, i);
            }
        }

        for (; prompt < inbound.InputTokens; prompt++)
        {
            yield return (own, prompt);
        }

        long answer = inbound.Content is { AnswerSegment: not 0 } content ? content.AnswerSegment : own + 1;
        for (int i = 0; ; i++)
        {
            yield return (answer, i);
        }
    }
}
