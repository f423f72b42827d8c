namespace LlmSim.Serving;

/// <summary>
/// A KV block with content that others may find; or, in the queue of free blocks only, several at once: nameless ones, or those of
/// a request that was thrown out, which nobody else will ever look for.
/// </summary>
internal struct CachedBlock
{
    /// <summary>The tokens up to its end, as a hash; 0 for several blocks.</summary>
    public ulong Content;

    /// <summary>How many blocks these are: 1 with content.</summary>
    public int Blocks;

    /// <summary>How many requests hold it; 0 when it is in the queue of free blocks. Several blocks at once: 1 if they have an owner.</summary>
    public int Holders;

    /// <summary>Neighbours in the queue of free blocks.</summary>
    public int Previous;
    public int Next;

    /// <summary>The next younger block with the same content; −1 for none.</summary>
    public int NextCopy;
}
