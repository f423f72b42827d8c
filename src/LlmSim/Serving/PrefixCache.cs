using System.Diagnostics;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// Which blocks requests hold that others may find, and what waiting ones find. Only requests with content, and those that were
/// thrown out, are known here: where nobody shares anything, this is not asked at all.
/// </summary>
/// <remarks>
/// A request's blocks are, from its beginning: those with content that others may have, in stretches; its own full ones, a number;
/// and the rest, which cannot be found. Since they are given back last first, of its own ones always the first are left.
/// </remarks>
internal sealed class PrefixCache(BlockPool pool, int blockSize)
{
    private readonly CachedBlocks _blocks = pool.Cached!;
    private SlotList<Grip> _grips = new();
    private Holding[] _holdings = [];

    private struct Holding
    {
        public PromptContent? Content;
        public int InputTokens;

        /// <summary>Blocks from the beginning that others may have too, held or not.</summary>
        public int Shareable;

        /// <summary>How many of those it holds.</summary>
        public int Held;

        /// <summary>Its grips on them, less 1.</summary>
        public int FirstGrip;
        public int LastGrip;

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
        var runs = most > 0 ? new PromptRuns(holding.Content!, holding.InputTokens, blockSize) : default;
        while (found < most)
        {
            runs.MoveTo(found);
            int stretch = _blocks.FirstOf(runs.Name);
            int end = Math.Min(runs.EndBlock, most);
            int before = found;
            while (found < end && TryFind(ref stretch, found, out int oldest, out int until))
            {
                int blocks = Math.Min(until, end) - found;
                free += _blocks[oldest].Holders == 0 ? blocks : 0;
                found += blocks;
            }

            if (found < end)
            {
                break;
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
        var runs = hits.Shared > 0 ? new PromptRuns(holding.Content!, holding.InputTokens, blockSize) : default;
        while (holding.Held < hits.Shared)
        {
            runs.MoveTo(holding.Held);
            int stretch = _blocks.FirstOf(runs.Name);
            int end = Math.Min(runs.EndBlock, hits.Shared);
            while (holding.Held < end && TryFind(ref stretch, holding.Held, out int oldest, out int until))
            {
                until = Math.Min(until, end);
                int part = CutOut(oldest, holding.Held, until);
                pool.Hold(part);
                Add(ref holding, slot, part);
                holding.Held = until;
            }
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
        if (end <= holding.Held)
        {
            return;
        }

        var runs = new PromptRuns(holding.Content!, holding.InputTokens, blockSize);
        while (holding.Held < end)
        {
            runs.MoveTo(holding.Held);
            int until = Math.Min(runs.EndBlock, end);
            int last = holding.LastGrip > 0 ? _grips[holding.LastGrip - 1].Stretch : -1;
            if (last >= 0 && _blocks[last].Run == runs.Name && _blocks[last].Holders == 1 && IsOnly(last))
            {
                _blocks[last].Blocks += until - holding.Held;
            }
            else
            {
                int stretch = _blocks.Register(runs.Name, holding.Held, until - holding.Held);
                _blocks[stretch].Holders = 1;
                Add(ref holding, slot, stretch);
            }

            holding.Held = until;
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
        int own = comesBack ? (tokens / blockSize) - holding.Held : 0;
        pool.Return(blocks - holding.Held - own);
        holding.Left = own > 0 ? pool.Leave(own) + 1 : 0;
        for (int grip = holding.LastGrip - 1; grip >= 0;)
        {
            int previous = _grips[grip].Previous;
            Loosen(grip);
            grip = previous;
        }

        holding.FirstGrip = holding.LastGrip = holding.Held = 0;
    }

    /// <summary>A request is done with.</summary>
    public void Leave(int slot)
    {
        ref Holding holding = ref _holdings[slot];
        if (holding.Left > 0)
        {
            _blocks.Release(holding.Left - 1, isTaken: false);
        }

        holding = default;
    }

    private ref Holding HoldingOf(int slot)
    {
        if (slot >= _holdings.Length)
        {
            Array.Resize(ref _holdings, Math.Max(64, 2 * slot));
        }

        return ref _holdings[slot];
    }

    // The oldest stretch with a block, and the block from which it is not that any more. Moves the run's stretch to the first that
    // reaches so far.
    private bool TryFind(ref int stretch, int block, out int oldest, out int until)
    {
        oldest = -1;
        until = 0;
        while (stretch >= 0 && _blocks[stretch].End <= block)
        {
            stretch = _blocks[stretch].NextOfRun;
        }

        int other = stretch;
        for (; other >= 0 && _blocks[other].First <= block; other = _blocks[other].NextOfRun)
        {
            if (_blocks[other].End > block && (oldest < 0 || _blocks[other].Order < _blocks[oldest].Order))
            {
                oldest = other;
            }
        }

        if (oldest < 0)
        {
            return false;
        }

        until = _blocks[oldest].End;
        for (; other >= 0 && _blocks[other].First < until; other = _blocks[other].NextOfRun)
        {
            until = _blocks[other].Order < _blocks[oldest].Order ? _blocks[other].First : until;
        }

        return true;
    }

    // Makes these blocks of a stretch one of their own.
    private int CutOut(int stretch, int first, int end)
    {
        if (first > _blocks[stretch].First)
        {
            stretch = Split(stretch, first - _blocks[stretch].First);
        }

        if (end < _blocks[stretch].End)
        {
            Split(stretch, end - first);
        }

        return stretch;
    }

    private int Split(int stretch, int blocks)
    {
        int rest = _blocks.Split(stretch, blocks);
        for (int grip = _blocks[stretch].FirstGrip; grip >= 0; grip = _grips[grip].NextHolder)
        {
            int slot = _grips[grip].Slot;
            Insert(ref _holdings[slot], slot, rest, grip);
        }

        return rest;
    }

    private bool IsOnly(int stretch) => _blocks[stretch].NextOfRun < 0 && _blocks.FirstOf(_blocks[stretch].Run) == stretch;

    private void Add(ref Holding holding, int slot, int stretch) => Insert(ref holding, slot, stretch, holding.LastGrip - 1);

    // A grip on a stretch, behind another of the request; −1 for none.
    private void Insert(ref Holding holding, int slot, int stretch, int behind)
    {
        int next = behind >= 0 ? _grips[behind].Next : -1;
        int holder = _blocks[stretch].FirstGrip;
        int grip = _grips.Add(new Grip
        {
            Stretch = stretch,
            Slot = slot,
            Previous = behind,
            Next = next,
            PreviousHolder = -1,
            NextHolder = holder,
        });
        _blocks[stretch].FirstGrip = grip;
        if (holder >= 0)
        {
            _grips[holder].PreviousHolder = grip;
        }

        if (behind >= 0)
        {
            _grips[behind].Next = grip;
        }
        else
        {
            holding.FirstGrip = grip + 1;
        }

        if (next >= 0)
        {
            _grips[next].Previous = grip;
        }
        else
        {
            holding.LastGrip = grip + 1;
        }
    }

    private void Loosen(int number)
    {
        Grip grip = _grips[number];
        if (grip.PreviousHolder >= 0)
        {
            _grips[grip.PreviousHolder].NextHolder = grip.NextHolder;
        }
        else
        {
            _blocks[grip.Stretch].FirstGrip = grip.NextHolder;
        }

        if (grip.NextHolder >= 0)
        {
            _grips[grip.NextHolder].PreviousHolder = grip.PreviousHolder;
        }

        _grips.Remove(number);
        pool.Drop(grip.Stretch);
    }
}
