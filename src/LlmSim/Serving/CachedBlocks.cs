namespace LlmSim.Serving;

/// <summary>
/// What KV blocks say, and the order in which free ones lose it: a table of contents, and a queue whose front is handed out next. As
/// vLLM's (<c>vllm/v1/core/block_pool.py</c>), but in stretches of blocks, and blocks that nobody can find again are only counted.
/// </summary>
internal sealed class CachedBlocks
{
    private readonly ContentTable _table = new();
    private SlotList<Stretch> _stretches = new();
    private long _order;

    // The queue: so many nameless blocks, then a list, which is empty when nothing in it can be found.
    private int _front;
    private int _first = -1;
    private int _last = -1;
    private int _findable;

    /// <summary>Whether a free block may be found. If not, the order of free blocks does not matter.</summary>
    public bool HasFindable => _findable > 0;

    /// <summary>A stretch by its number. The reference is good until the next one is added.</summary>
    public ref Stretch this[int stretch] => ref _stretches[stretch];

    /// <summary>The first stretch of a run; −1 for none.</summary>
    public int FirstOf(ulong run) => _table.Find(run);

    /// <summary>Blocks that a request holds get their content.</summary>
    public int Register(ulong run, int first, int blocks)
    {
        int added = _stretches.Add(new Stretch
        {
            Run = run,
            Order = _order++,
            First = first,
            Blocks = blocks,
            FirstGrip = -1,
            NextOfRun = -1,
        });
        int before = _table.Find(run);
        if (before < 0 || _stretches[before].First > first)
        {
            _stretches[added].NextOfRun = before;
            _table.Set(run, added);
            return added;
        }

        InsertBehind(before, added);
        return added;
    }

    /// <summary>Cuts a stretch in two. Who held it, must hold both.</summary>
    /// <param name="stretch">The stretch.</param>
    /// <param name="blocks">Blocks that stay in it, fewer than there are.</param>
    /// <returns>The one with the rest.</returns>
    public int Split(int stretch, int blocks)
    {
        ref Stretch whole = ref _stretches[stretch];
        Stretch rest = whole with { First = whole.First + blocks, Blocks = whole.Blocks - blocks, FirstGrip = -1 };
        whole.Blocks = blocks;
        int added = _stretches.Add(rest);
        InsertBehind(stretch, added);
        if (rest.Holders == 0)
        {
            Link(added, _stretches[stretch].Previous, stretch);
            _findable++;
        }

        return added;
    }

    /// <summary>Blocks that a thrown-out request may come back for go to the queue's end.</summary>
    /// <param name="blocks">How many.</param>
    /// <param name="free">Blocks that are free already.</param>
    public int Keep(int blocks, int free)
    {
        int stretch = _stretches.Add(new Stretch { Blocks = blocks, Holders = 1 });
        Append(stretch, free);
        return stretch;
    }

    /// <summary>Those of them that are left are taken back, or not kept any longer.</summary>
    public void Release(int stretch, bool isTaken)
    {
        if (_stretches[stretch].Blocks == 0)
        {
            _stretches.Remove(stretch);
        }
        else if (isTaken)
        {
            Remove(stretch);
            _stretches.Remove(stretch);
        }
        else
        {
            _stretches[stretch].Holders = 0;
            LoseFindable();
        }
    }

    /// <summary>A stretch that nobody holds any more goes to the queue's end.</summary>
    /// <param name="stretch">Its number.</param>
    /// <param name="free">Blocks that are free already.</param>
    public void Append(int stretch, int free)
    {
        if (_findable++ == 0)
        {
            _front = free;
        }

        Link(stretch, _last, -1);
    }

    /// <summary>Blocks without content go to the queue's end.</summary>
    public void Append(int blocks)
    {
        if (_last >= 0 && IsNameless(_stretches[_last]))
        {
            _stretches[_last].Blocks += blocks;
        }
        else if (blocks > 0)
        {
            Link(_stretches.Add(new Stretch { Blocks = blocks }), _last, -1);
        }
    }

    /// <summary>Takes a stretch that can be found out of the queue.</summary>
    public void Remove(int stretch)
    {
        Unlink(stretch);
        LoseFindable();
    }

    /// <summary>Takes blocks from the queue's front; what they say is lost.</summary>
    public void Pop(int blocks)
    {
        int nameless = Math.Min(_front, blocks);
        _front -= nameless;
        blocks -= nameless;
        while (blocks > 0 && _findable > 0)
        {
            ref Stretch first = ref _stretches[_first];
            int taken = Math.Min(first.Blocks, blocks);
            blocks -= taken;
            first.Blocks -= taken;
            if (first.Blocks == 0)
            {
                Lose(_first);
            }
        }
    }

    private static bool IsNameless(in Stretch stretch) => stretch.Run == 0 && stretch.Holders == 0;

    private void Lose(int stretch)
    {
        Unlink(stretch);
        ref Stretch lost = ref _stretches[stretch];
        bool wasNameless = IsNameless(lost);
        if (lost.Run != 0)
        {
            Forget(stretch);
        }

        // What is kept for a request keeps its number, until that comes back and finds it gone.
        if (wasNameless || lost.Run != 0)
        {
            _stretches.Remove(stretch);
        }

        if (!wasNameless)
        {
            LoseFindable();
        }
    }

    private void Forget(int stretch)
    {
        (ulong run, int next) = (_stretches[stretch].Run, _stretches[stretch].NextOfRun);
        int before = _table.Find(run);
        if (before != stretch)
        {
            while (_stretches[before].NextOfRun != stretch)
            {
                before = _stretches[before].NextOfRun;
            }

            _stretches[before].NextOfRun = next;
        }
        else if (next >= 0)
        {
            _table.Set(run, next);
        }
        else
        {
            _table.Remove(run);
        }
    }

    // With the last findable block goes the list: all free blocks are nameless then.
    private void LoseFindable()
    {
        if (--_findable > 0)
        {
            return;
        }

        for (int stretch = _first; stretch >= 0; stretch = _stretches[stretch].Next)
        {
            _stretches.Remove(stretch);
        }

        _first = _last = -1;
    }

    // Into the list of its run, which is in order of first blocks, somewhere behind another stretch.
    private void InsertBehind(int before, int stretch)
    {
        while (_stretches[before].NextOfRun is int next and >= 0 && _stretches[next].First <= _stretches[stretch].First)
        {
            before = next;
        }

        _stretches[stretch].NextOfRun = _stretches[before].NextOfRun;
        _stretches[before].NextOfRun = stretch;
    }

    // Into the queue, between two neighbours; −1 for none.
    private void Link(int stretch, int previous, int next)
    {
        (_stretches[stretch].Previous, _stretches[stretch].Next) = (previous, next);
        SetNext(previous, stretch);
        SetPrevious(next, stretch);
    }

    private void Unlink(int stretch)
    {
        (int previous, int next) = (_stretches[stretch].Previous, _stretches[stretch].Next);
        SetNext(previous, next);
        SetPrevious(next, previous);
    }

    private void SetNext(int stretch, int next)
    {
        if (stretch < 0)
        {
            _first = next;
        }
        else
        {
            _stretches[stretch].Next = next;
        }
    }

    private void SetPrevious(int stretch, int previous)
    {
        if (stretch < 0)
        {
            _last = previous;
        }
        else
        {
            _stretches[stretch].Previous = previous;
        }
    }
}
