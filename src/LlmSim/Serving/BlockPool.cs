using System.Numerics;

namespace LlmSim.Serving;

/// <summary>The paged KV cache: how many blocks are free and, with prefix caching, in which order they lose what they say.</summary>
internal sealed class BlockPool
{
    private readonly int _blockBits;

    /// <summary>Creates a pool of free blocks.</summary>
    /// <param name="usable">Blocks that can be handed out. At least 1.</param>
    /// <param name="blockSize">Tokens per block, a power of two.</param>
    /// <param name="cached">What blocks say; null without prefix caching.</param>
    public BlockPool(int usable, int blockSize, CachedBlocks? cached = null)
    {
        Cached = cached;
        Usable = Free = usable;
        _blockBits = BitOperations.Log2((uint)blockSize);
    }

    /// <summary>What blocks say; null without prefix caching.</summary>
    public CachedBlocks? Cached { get; }

    /// <summary>All blocks.</summary>
    public int Usable { get; }

    /// <summary>Blocks nobody holds.</summary>
    public int Free { get; private set; }

    /// <summary>Blocks somebody holds.</summary>
    public int Used => Usable - Free;

    /// <summary>Blocks that so many tokens fill, the last one perhaps in part.</summary>
    public int BlocksFor(long tokens) => (int)((tokens + (1L << _blockBits) - 1) >> _blockBits);

    /// <summary>Hands out blocks.</summary>
    /// <exception cref="InvalidOperationException">Fewer are free: a fault of this program.</exception>
    public void Take(int blocks)
    {
        if ((uint)blocks > (uint)Free)
        {
            throw TooFew(blocks);
        }

        Free -= blocks;
        if (Cached is { HasFindable: true })
        {
            Cached.Pop(blocks);
        }
    }

    /// <summary>One more request holds a stretch of blocks with content.</summary>
    public void Hold(int stretch)
    {
        ref Stretch held = ref Cached![stretch];
        if (held.Holders++ == 0)
        {
            Free -= held.Blocks;
            Cached.Remove(stretch);
        }
    }

    /// <summary>One request less holds a stretch of blocks with content.</summary>
    public void Drop(int stretch)
    {
        ref Stretch held = ref Cached![stretch];
        if (--held.Holders == 0)
        {
            Cached.Append(stretch, Free);
            Free += held.Blocks;
        }
    }

    /// <summary>A request leaves blocks that it may come back for.</summary>
    /// <returns>Number of the stretch that they make.</returns>
    public int Leave(int blocks)
    {
        int stretch = Cached!.Keep(blocks, Free);
        Free += blocks;
        return stretch;
    }

    /// <summary>A request is back for those of its blocks that are left.</summary>
    public void TakeBack(int stretch)
    {
        Free -= Cached![stretch].Blocks;
        Cached.Release(stretch, isTaken: true);
    }

    /// <summary>Takes blocks back.</summary>
    /// <exception cref="InvalidOperationException">More than were handed out: a fault of this program.</exception>
    public void Return(int blocks)
    {
        if ((uint)blocks > (uint)Used)
        {
            throw TooMany(blocks);
        }

        Free += blocks;
        if (Cached is { HasFindable: true })
        {
            Cached.Append(blocks);
        }
    }

    // Apart, so that the methods above stay small enough to be compiled into their callers.
    private InvalidOperationException TooFew(int blocks) => new($"{blocks} KV blocks asked for, {Free} of {Usable} free.");

    private InvalidOperationException TooMany(int blocks) => new($"{blocks} KV blocks returned, {Used} of {Usable} were out.");
}
