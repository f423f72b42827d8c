namespace LlmSim.Serving;

/// <summary>
/// What KV blocks say, and the order in which free ones lose it: a queue, whose front is handed out next, and a table of contents.
/// As vLLM's (<c>vllm/v1/core/block_pool.py</c>), but blocks that nobody can find again are only counted.
/// </summary>
internal sealed class CachedBlocks
{
    private readonly ContentTable _table = new();
    private CachedBlock[] _all = new CachedBlock[64];
    private int _used;
    private int _unused = -1;

    // The queue: so many nameless blocks, then a list, which ends with a findable block or is empty.
    private int _front;
    private int _first = -1;
    private int _last = -1;
    private int _findable;

    /// <summary>Whether a free block has content that may be found. If not, the order of free blocks does not matter.</summary>
    public bool HasFindable => _findable > 0;

    /// <summary>A block by its number. The reference is good until the next one is added.</summary>
    public ref CachedBlock this[int block] => ref _all[block];

    /// <summary>The oldest block of a content; −1 for none.</summary>
    public int Find(ulong content) => _table.Find(content);

    /// <summary>A block that a request holds gets its content.</summary>
    public int Register(ulong content)
    {
        int block = Rent(new CachedBlock { Content = content, Blocks = 1, Holders = 1, NextCopy = -1 });
        int older = _table.Find(content);
        if (older < 0)
        {
            _table.Set(content, block);
            return block;
        }

        while (_all[older].NextCopy >= 0)
        {
            older = _all[older].NextCopy;
        }

        _all[older].NextCopy = block;
        return block;
    }

    /// <summary>Blocks that a thrown-out request may come back for.</summary>
    public int Keep(int blocks) => Rent(new CachedBlock { Blocks = blocks, Holders = 1 });

    /// <summary>Blocks go to the queue's end.</summary>
    /// <param name="block">Their number.</param>
    /// <param name="free">Blocks that are free already.</param>
    public void Append(int block, int free)
    {
        if (_findable++ == 0)
        {
            _front = free;
        }

        Link(block);
    }

    /// <summary>Blocks without content go to the queue's end.</summary>
    public void Append(int blocks)
    {
        if (_last >= 0 && IsNameless(_all[_last]))
        {
            _all[_last].Blocks += blocks;
        }
        else if (blocks > 0)
        {
            Link(Rent(new CachedBlock { Blocks = blocks }));
        }
    }

    /// <summary>Takes blocks that can be found out of the queue.</summary>
    public void Remove(int block)
    {
        Unlink(block);
        LoseFindable();
    }

    /// <summary>Blocks kept for a request are not kept any more.</summary>
    public void Release(int block)
    {
        if (_all[block].Blocks == 0)
        {
            Return(block);
            return;
        }

        _all[block].Holders = 0;
        LoseFindable();
    }

    /// <summary>Forgets a number that is neither held nor in the queue.</summary>
    public void Return(int block)
    {
        _all[block].Next = _unused;
        _unused = block;
    }

    /// <summary>Takes blocks from the queue's front; what they say is lost.</summary>
    public void Pop(int blocks)
    {
        int nameless = Math.Min(_front, blocks);
        _front -= nameless;
        blocks -= nameless;
        while (blocks > 0 && _findable > 0)
        {
            ref CachedBlock first = ref _all[_first];
            int taken = Math.Min(first.Blocks, blocks);
            blocks -= taken;
            first.Blocks -= taken;
            if (first.Blocks == 0)
            {
                Lose(_first);
            }
        }
    }

    private static bool IsNameless(in CachedBlock block) => block.Content == 0 && block.Holders == 0;

    private void Lose(int block)
    {
        Unlink(block);
        ref CachedBlock lost = ref _all[block];
        if (IsNameless(lost))
        {
            Return(block);
            return;
        }

        // Blocks kept for a request keep their number, until it comes back and finds them gone.
        if (lost.Content != 0)
        {
            Forget(block);
            Return(block);
        }

        LoseFindable();
    }

    private void Forget(int block)
    {
        ulong content = _all[block].Content;
        int copy = _table.Find(content);
        if (copy == block)
        {
            if (_all[block].NextCopy < 0)
            {
                _table.Remove(content);
            }
            else
            {
                _table.Set(content, _all[block].NextCopy);
            }

            return;
        }

        while (_all[copy].NextCopy != block)
        {
            copy = _all[copy].NextCopy;
        }

        _all[copy].NextCopy = _all[block].NextCopy;
    }

    // With the last findable block goes the list: all free blocks are nameless then.
    private void LoseFindable()
    {
        if (--_findable > 0)
        {
            return;
        }

        for (int block = _first; block >= 0;)
        {
            int next = _all[block].Next;
            Return(block);
            block = next;
        }

        _first = _last = -1;
    }

    private void Link(int block)
    {
        ref CachedBlock linked = ref _all[block];
        (linked.Previous, linked.Next) = (_last, -1);
        if (_last >= 0)
        {
            _all[_last].Next = block;
        }
        else
        {
            _first = block;
        }

        _last = block;
    }

    private void Unlink(int block)
    {
        (int previous, int next) = (_all[block].Previous, _all[block].Next);
        if (previous >= 0)
        {
            _all[previous].Next = next;
        }
        else
        {
            _first = next;
        }

        if (next >= 0)
        {
            _all[next].Previous = previous;
        }
        else
        {
            _last = previous;
        }
    }

    private int Rent(in CachedBlock block)
    {
        int number = _unused;
        if (number >= 0)
        {
            _unused = _all[number].Next;
        }
        else
        {
            number = _used++;
            if (number == _all.Length)
            {
                Array.Resize(ref _all, 2 * number);
            }
        }

        _all[number] = block;
        return number;
    }
}
