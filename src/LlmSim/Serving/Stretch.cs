namespace LlmSim.Serving;

/// <summary>
/// KV blocks that follow each other in a prompt and share their fate: all held by the same requests, or all in the queue of free
/// blocks, the last one first. In the queue only, also blocks without content that can be found.
/// </summary>
internal struct Stretch
{
    /// <summary>Names the run of tokens in which its blocks end, and all that comes before; 0 for blocks not found by content.</summary>
    public ulong Run;

    /// <summary>When they got their content: of two blocks with the same, the older one is found.</summary>
    public long Order;

    /// <summary>Number of the first block, from the prompt's beginning.</summary>
    public int First;

    /// <summary>How many blocks.</summary>
    public int Blocks;

    /// <summary>How many requests hold them; for blocks not found by content 1 if a request may come back for them.</summary>
    public int Holders;

    /// <summary>The first of its holders' grips; −1 for none.</summary>
    public int FirstGrip;

    /// <summary>Neighbours in the queue of free blocks.</summary>
    public int Previous;
    public int Next;

    /// <summary>The next stretch of the run, in order of first blocks; −1 for none.</summary>
    public int NextOfRun;

    /// <summary>Number of the block behind the last.</summary>
    public readonly int End => First + Blocks;
}
