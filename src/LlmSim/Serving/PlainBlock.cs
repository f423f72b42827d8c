namespace LlmSim.Serving;

/// <summary>A KV block as the plain engine keeps it.</summary>
internal sealed class PlainBlock
{
    /// <summary>How many requests hold it; 0 when it is in the queue of free blocks.</summary>
    public int Holders { get; set; }

    /// <summary>What it holds, when others may find it: the tokens up to its end, as a hash; else null.</summary>
    public ulong? Content { get; set; }
}
