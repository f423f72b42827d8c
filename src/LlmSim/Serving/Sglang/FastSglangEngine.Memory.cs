namespace LlmSim.Serving.Sglang;

/// <content>What requests leave in the prefix cache.</content>
internal sealed partial class FastSglangEngine
{
    // What is computed of a prompt is there for others, and what others had computed of it already is given back.
    private void Cache(int slot)
    {
        ref SglangShare share = ref _shares[slot];
        share.Prefix = share.Filled;
        if (_tree is null)
        {
            return;
        }

        if (share.Path is not null)
        {
            int there = _tree.Insert(share.Path, share.Filled, out _);
            _memory.Return(Math.Max(0, there - share.Shared));
            share.Shared = _tree.Match(share.Path, share.Filled, out RadixNode node);
            if (share.Node is not null)
            {
                _tree.Unlock(share.Node);
            }

            _tree.Lock(node);
            share.Node = node;
            return;
        }

        int whole = _memory.WholePages(share.Filled);
        int piece = whole - share.Shared;
        if (share.Shared > 0 && piece > 0)
        {
            share.Pieces ??= [share.Shared];
            share.Pieces.Add(piece);
        }

        share.Shared = whole;
        share.LastAccess = _tree.Tick();
    }

    // A request has finished with so much computed: its memory is free, or its content is left to be evicted.
    private void Release(int slot, int computed, int known)
    {
        ref SglangShare share = ref _shares[slot];
        int held = _memory.Pages(computed);
        if (_tree is null)
        {
            _memory.Return(held);
            return;
        }

        int kept = _memory.WholePages(Math.Min(_sglang.CachesOutput ? known : share.Filled, computed));
        _memory.Return(held - kept);
        if (share.Path is not null)
        {
            int there = _tree.Insert(share.Path, kept, out _);
            _memory.Return(Math.Max(0, there - share.Shared));
            if (share.Node is not null)
            {
                _tree.Unlock(share.Node);
            }

            return;
        }

        // The last piece first, as leaves go before their parents.
        long time = _tree.Tick();
        _memory.Leave(kept - share.Shared, _tree.Tick());
        for (int i = (share.Pieces?.Count ?? 0) - 1; i >= 0; i--)
        {
            _memory.Leave(share.Pieces![i], time);
        }

        if (share.Pieces is null)
        {
            _memory.Leave(share.Shared, time);
        }
    }

    // A request is thrown out with so much computed. What the tree has of it stays there, in use by nobody.
    private void DropMemory(int slot, int computed)
    {
        ref SglangShare share = ref _shares[slot];
        _memory.Return(_memory.Pages(computed) - share.Shared);
        if (share.Node is not null)
        {
            _tree!.Unlock(share.Node);
        }
        else if (share.Path is null && share.Shared > 0)
        {
            share.Path = TokenPath.Of(_pool[slot].Id, _pool[slot].InputTokens);
            _tree!.Adopt(share.Path, share.Pieces is null ? [share.Shared] : [.. share.Pieces], share.LastAccess);
        }

        share.Node = null;
        share.Pieces = null;
        share.Filled = share.Shared = share.Prefix = share.Extend = 0;
    }
}
