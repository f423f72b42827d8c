using System.Numerics;

namespace LlmSim.Serving;

/// <summary>The paged KV cache without content: how many blocks are free. Which ones does not matter while nothing is shared.</summary>
internal sealed class BlockPool
{
    private readonly int _blockBits;

    /// <summary>Creates a pool of free blocks.</summary>
    /// <param name="usable">Blocks that can be handed out. At least 1.</param>
    /// <param name="blockSize">Tokens per block, a power of two.</param>
    public BlockPool(int usable, int blockSize)
    {
        Usable = Free = usable;
        _blockBits = BitOperations.Log2((uint)blockSize);
    }

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
    }

    // Apart, so that the methods above stay small enough to be compiled into their callers.
    private InvalidOperationException TooFew(int blocks) => new($"{blocks} KV blocks asked for, {Free} of {Usable} free.");

    private InvalidOperationException TooMany(int blocks) => new($"{blocks} KV blocks returned, {Used} of {Usable} were out.");
}
