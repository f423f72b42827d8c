namespace LlmSim.Serving.Sglang;

/// <summary>
/// KV memory in tokens, whole pages. What shares nothing with others is not in the tree: once its request has finished it is only a
/// number of tokens that can be evicted, in the order in which requests finished.
/// </summary>
/// <param name="tokens">All of it.</param>
/// <param name="pageSize">Tokens of a page.</param>
/// <param name="tree">The prefix cache; null for none.</param>
internal sealed class SglangMemory(int tokens, int pageSize, RadixTree? tree)
{
    private readonly int _total = tokens;
    private (int Tokens, long Time)[] _leftovers = new (int, long)[64];
    private int _first;
    private int _count;
    private int _leftoverTokens;

    /// <summary>Tokens that nobody holds.</summary>
    public int Free { get; private set; } = tokens;

    /// <summary>The prefix cache; null for none.</summary>
    public RadixTree? Tree => tree;

    /// <summary>Tokens that can be evicted.</summary>
    public int Evictable => _leftoverTokens + (tree?.Evictable ?? 0);

    /// <summary>Tokens that are free or can be made so.</summary>
    public int Available => Free + Evictable;

    /// <summary>Pages that requests hold.</summary>
    public int UsedBlocks => (_total - Available) / pageSize;

    /// <summary>Tokens that so many take up, in whole pages.</summary>
    public int Pages(int count) => (count + pageSize - 1) & -pageSize;

    /// <summary>The whole pages among so many tokens.</summary>
    public int WholePages(int count) => count & -pageSize;

    /// <summary>Hands out memory that is free.</summary>
    /// <exception cref="InvalidOperationException">It is not: a fault of this program.</exception>
    public void Take(int count)
    {
        if (count > Free)
        {
            throw new InvalidOperationException($"{count} tokens of KV memory asked for, {Free} are free.");
        }

        Free -= count;
    }

    /// <summary>Takes memory back.</summary>
    public void Return(int count) => Free += count;

    /// <summary>Keeps the content of a request that has finished and shared nothing.</summary>
    public void Leave(int count, long time)
    {
        if (count == 0)
        {
            return;
        }

        if (_count == _leftovers.Length)
        {
            Grow();
        }

        _leftovers[(_first + _count++) & (_leftovers.Length - 1)] = (count, time);
        _leftoverTokens += count;
    }

    /// <summary>When fewer tokens are free, evicts as many: not the difference, and whole leaves.</summary>
    public void EvictFor(int count)
    {
        if (Free < count && tree is not null)
        {
            Evict(tree, count);
        }
    }

    /// <summary>Takes the same number of tokens again and again, making room each time. It must be there.</summary>
    public void TakeRepeatedly(int count, long times)
    {
        while (times > 0)
        {
            EvictFor(count);
            long now = Math.Min(times, Math.Max(1, Free / count));
            Take((int)(count * now));
            times -= now;
        }
    }

    private void Evict(RadixTree cache, int count)
    {
        for (int evicted = 0; evicted < count;)
        {
            bool hasLeaf = cache.TryFindOldest(out long time);
            if (_count > 0 && (!hasLeaf || _leftovers[_first].Time < time))
            {
                int gone = _leftovers[_first].Tokens;
                _first = (_first + 1) & (_leftovers.Length - 1);
                _count--;
                _leftoverTokens -= gone;
                evicted += gone;
                Free += gone;
            }
            else if (hasLeaf)
            {
                int gone = cache.EvictOldest();
                evicted += gone;
                Free += gone;
            }
            else
            {
                return;
            }
        }
    }

    private void Grow()
    {
        var larger = new (int, long)[2 * _count];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = _leftovers[(_first + i) & (_count - 1)];
        }

        (_leftovers, _first) = (larger, 0);
    }
}
