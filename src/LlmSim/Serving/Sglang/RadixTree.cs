namespace LlmSim.Serving.Sglang;

/// <summary>
/// The prefix cache (<c>mem_cache/radix_cache.py</c>): a tree of token sequences in whole pages. Nodes in use are locked up to the
/// root; what is not can be evicted, leaf by leaf, the one that was not looked at for longest first.
/// </summary>
/// <param name="pageSize">Tokens of a page. At least 1.</param>
internal sealed class RadixTree(int pageSize)
{
    // Leaves that may be evicted, by a last access that may be out of date: then they go back with the true one.
    private readonly PriorityQueue<RadixNode, long> _candidates = new();
    private long _clock;
    private long _nextOrder;

    /// <summary>Where all sequences begin.</summary>
    public RadixNode Root { get; } = new();

    /// <summary>Tokens that nobody uses.</summary>
    public int Evictable { get; private set; }

    /// <summary>Finds the longest known beginning of a path, in whole pages; what is touched counts as just used.</summary>
    /// <returns>Its tokens. A match that ends within a node splits it, so that it ends with <paramref name="node"/>.</returns>
    public int Match(TokenRun[] path, int length, out RadixNode node)
    {
        node = Root;
        var rest = new TokenSpan(path, length / pageSize * pageSize);
        int found = Descend(ref node, ref rest);
        return found;
    }

    /// <summary>Adds the first tokens of a path, in whole pages.</summary>
    /// <returns>How many of them were there already.</returns>
    public int Insert(TokenRun[] path, int length, out RadixNode node)
    {
        node = Root;
        var rest = new TokenSpan(path, length / pageSize * pageSize);
        int found = Descend(ref node, ref rest);
        if (rest.Length > 0)
        {
            var leaf = new RadixNode { Key = rest, Parent = node, LastAccess = _clock++, Order = _nextOrder++ };
            Link(leaf);
            Evictable += rest.Length;
            Offer(leaf);
            node = leaf;
        }

        return found;
    }

    /// <summary>A request uses a node and all above it.</summary>
    public void Lock(RadixNode node)
    {
        for (; node.Parent is not null; node = node.Parent)
        {
            if (node.Locks++ == 0)
            {
                Evictable -= node.Key.Length;
            }
        }
    }

    /// <summary>It uses them no more.</summary>
    public void Unlock(RadixNode node)
    {
        for (; node.Parent is not null; node = node.Parent)
        {
            if (--node.Locks == 0)
            {
                Evictable += node.Key.Length;
                Offer(node);
            }
        }
    }

    /// <summary>The time of what happens next, for what is kept outside the tree but evicted in one order with it.</summary>
    public long Tick() => _clock++;

    /// <summary>Puts back what a request had outside the tree: nodes one after another, all last looked at at one time.</summary>
    /// <param name="path">The request's path.</param>
    /// <param name="lengths">Tokens of each node.</param>
    /// <param name="time">The time.</param>
    public void Adopt(TokenRun[] path, ReadOnlySpan<int> lengths, long time)
    {
        RadixNode parent = Root;
        var rest = new TokenSpan(path, int.MaxValue);
        foreach (int length in lengths)
        {
            var node = new RadixNode { Key = rest.Cut(length), Parent = parent, LastAccess = time, Order = _nextOrder++ };
            Link(node);
            Evictable += length;
            rest.Skip(length);
            parent = node;
        }

        Offer(parent);
    }

    /// <summary>Evicts whole leaves until so many tokens are gone, or nothing is left that may go.</summary>
    /// <returns>Tokens evicted.</returns>
    public int Evict(int tokens)
    {
        int evicted = 0;
        while (evicted < tokens && TryFindOldest(out _))
        {
            evicted += EvictOldest();
        }

        return evicted;
    }

    /// <summary>When the leaf that goes next was last looked at; false where none may go.</summary>
    public bool TryFindOldest(out long time)
    {
        while (_candidates.TryPeek(out RadixNode? node, out time))
        {
            if (node.IsEvictable && time == node.LastAccess)
            {
                return true;
            }

            _candidates.Dequeue();
            node.IsCandidate = false;
            Offer(node);
        }

        return false;
    }

    /// <summary>Evicts the leaf that <see cref="TryFindOldest"/> found.</summary>
    /// <returns>Its tokens.</returns>
    public int EvictOldest()
    {
        RadixNode node = _candidates.Dequeue();
        RadixNode parent = node.Parent!;
        Unlink(node);
        node.IsCandidate = false;
        node.Parent = null;
        Evictable -= node.Key.Length;
        Offer(parent);
        return node.Key.Length;
    }

    private int Descend(ref RadixNode node, ref TokenSpan rest)
    {
        long time = _clock++;
        node.LastAccess = time;
        int found = 0;
        while (rest.Length > 0 && Child(node, rest, out int common) is { } child)
        {
            child.LastAccess = time;
            found += common;
            rest.Skip(common);
            node = common < child.Key.Length ? Split(child, common) : child;
        }

        return found;
    }

    // The child that begins with the same page, and how many tokens of whole pages it shares.
    private RadixNode? Child(RadixNode node, in TokenSpan rest, out int common)
    {
        RadixNode? child = null;
        node.Children?.TryGetValue(rest.First, out child);
        for (; child is not null; child = child.NextAlike)
        {
            common = child.Key.CommonTokens(rest) / pageSize * pageSize;
            if (common > 0)
            {
                return child;
            }
        }

        common = 0;
        return null;
    }

    // The front part becomes a node of its own, in the place of the old one, and keeps its locks.
    private RadixNode Split(RadixNode child, int tokens)
    {
        var front = new RadixNode
        {
            Key = child.Key.Cut(tokens),
            Parent = child.Parent,
            Locks = child.Locks,
            LastAccess = _clock++,
            Order = child.Order,
        };
        Unlink(child);
        Link(front);
        child.Key.Skip(tokens);
        child.Parent = front;
        child.Order = _nextOrder++;
        Link(child);
        return front;
    }

    private static void Link(RadixNode node)
    {
        RadixNode parent = node.Parent!;
        parent.Children ??= [];
        parent.Children.TryGetValue(node.Key.First, out node.NextAlike);
        parent.Children[node.Key.First] = node;
        parent.ChildCount++;
    }

    private static void Unlink(RadixNode node)
    {
        RadixNode parent = node.Parent!;
        parent.ChildCount--;
        RadixNode first = parent.Children![node.Key.First];
        if (first != node)
        {
            while (first.NextAlike != node)
            {
                first = first.NextAlike!;
            }

            first.NextAlike = node.NextAlike;
        }
        else if (node.NextAlike is { } next)
        {
            parent.Children[node.Key.First] = next;
        }
        else
        {
            parent.Children.Remove(node.Key.First);
        }

        node.NextAlike = null;
    }

    private void Offer(RadixNode node)
    {
        if (node.IsEvictable && !node.IsCandidate)
        {
            node.IsCandidate = true;
            _candidates.Enqueue(node, node.LastAccess);
        }
    }
}
