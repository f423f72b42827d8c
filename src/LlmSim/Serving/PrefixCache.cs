using System.Diagnostics;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// Which blocks requests hold that others may find, and what waiting ones find. Only requests with content, and those that were
/// thrown out, are known here: where nobody shares anything, this is not asked at all.
/// </summary>
/// <remarks>
/// A request's blocks are, from its beginning: those with content that others may have, one by one; its own full ones, a number;
/// and the rest, which cannot be found. Since they are given back last first, of its own ones always the first are left.
/// </remarks>
internal sealed class PrefixCache(BlockPool pool, int blockSize)
{
    private readonly CachedBlocks _blocks = pool.Cached!;
    private Holding[] _holdings = [];

    private struct Holding
    {
        public PromptContent? Content;
        public int InputTokens;

        /// <summary>Blocks from the beginning that others may have too.</summary>
        public int Shareable;

        /// <summary>The blocks held of those, or just found.</summary>
        public int[] Blocks;
        public int Count;

        /// <summary>Its own blocks, left in the queue when it was thrown out; 0 for none, else the number less 1.</summary>
        public int Left;
    }

    /// <summary>A request whose prompt may say the same as others.</summary>
    public void Enter(int slot, PromptContent content, int inputTokens)
    {
        ref Holding holding = ref HoldingOf(slot);
        holding.Content = content;
        holding.InputTokens = inputTokens;
        holding.Shareable = content.Tokens < inputTokens ? content.Tokens / blockSize
            : content.AnswerSegment == 0 ? inputTokens / blockSize
            : int.MaxValue;
    }

    /// <summary>What a request's prompt may share; null for nothing.</summary>
    public PromptContent? ContentOf(int slot) => slot < _holdings.Length ? _holdings[slot].Content : null;

    /// <summary>What a waiting request of so many known tokens finds. Its last token is always computed, to get the next one.</summary>
    public PrefixHits Find(int slot, int knownTokens)
    {
        ref Holding holding = ref _holdings[slot];
        int most = Math.Min((knownTokens - 1) / blockSize, holding.Shareable);
        int found = 0;
        int free = 0;
        if (most > 0)
        {
            var cursor = new ContentCursor(holding.Content!, holding.InputTokens);
            MakeRoom(ref holding, most);
            while (found < most && _blocks.Find(cursor.NameUpTo((found + 1) * blockSize)) is int block and >= 0)
            {
                free += _blocks[block].Holders == 0 ? 1 : 0;
                holding.Blocks[found++] = block;
            }
        }

        int own = holding.Left == 0 ? 0 : _blocks[holding.Left - 1].Blocks;
        Debug.Assert(own == 0 || found == holding.Shareable, "what comes behind is lost first");
        return new PrefixHits(found, own, free + own);
    }

    /// <summary>The request holds what it found just before.</summary>
    public void Hold(int slot, in PrefixHits hits)
    {
        ref Holding holding = ref _holdings[slot];
        holding.Count = hits.Shared;
        for (int i = 0; i < hits.Shared; i++)
        {
            pool.Hold(holding.Blocks[i]);
        }

        if (holding.Left > 0)
        {
            pool.TakeBack(holding.Left - 1);
            holding.Left = 0;
        }
    }

    /// <summary>Full blocks up to here can be found from now on.</summary>
    public void Register(int slot, int tokens)
    {
        ref Holding holding = ref _holdings[slot];
        int end = Math.Min(tokens / blockSize, holding.Shareable);
        if (end <= holding.Count)
        {
            return;
        }

        MakeRoom(ref holding, end);
        var cursor = new ContentCursor(holding.Content!, holding.InputTokens);
        while (holding.Count < end)
        {
            holding.Blocks[holding.Count++] = _blocks.Register(cursor.NameUpTo((holding.Count) * blockSize));
        }
    }

    /// <summary>A request gives back its blocks, the last one first.</summary>
    /// <param name="slot">The request.</param>
    /// <param name="blocks">How many it holds.</param>
    /// <param name="tokens">Full blocks up to here can be found.</param>
    /// <param name="comesBack">Whether it may come back for its own ones.</param>
    public void GiveBack(int slot, int blocks, int tokens, bool comesBack)
    {
        ref Holding holding = ref HoldingOf(slot);
        Register(slot, tokens);
        int own = comesBack ? (tokens / blockSize) - holding.Count : 0;
        pool.Return(blocks - holding.Count - own);
        holding.Left = own > 0 ? pool.Leave(own) + 1 : 0;
        while (holding.Count > 0)
        {
            pool.Drop(holding.Blocks[--holding.Count]);
        }
    }

    /// <summary>A request is done with.</summary>
    public void Leave(int slot)
    {
        ref Holding holding = ref _holdings[slot];
        if (holding.Left > 0)
        {
            _blocks.Release(holding.Left - 1);
        }

        holding = new Holding { Blocks = holding.Blocks };
    }

    private ref Holding HoldingOf(int slot)
    {
        if (slot >= _holdings.Length)
        {
            Array.Resize(ref _holdings, Math.Max(64, 2 * slot));
        }

        return ref _holdings[slot];
    }

    private static void MakeRoom(ref Holding holding, int blocks)
    {
        if (holding.Blocks is null || holding.Blocks.Length < blocks)
        {
            Array.Resize(ref holding.Blocks!, Math.Max(blocks, 2 * (holding.Blocks?.Length ?? 8)));
        }
    }
}
