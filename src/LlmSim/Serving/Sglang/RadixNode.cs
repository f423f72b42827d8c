namespace LlmSim.Serving.Sglang;

/// <summary>A node of the radix tree: tokens that follow those of its parent.</summary>
internal sealed class RadixNode
{
    /// <summary>The tokens.</summary>
    public TokenSpan Key;

    public RadixNode? Parent;

    /// <summary>Children by their first token; null for none yet. With pages, several may begin with the same token.</summary>
    public Dictionary<(long Segment, int Place), RadixNode>? Children;

    /// <summary>The next child of the same parent that begins with the same token.</summary>
    public RadixNode? NextAlike;

    /// <summary>Children, those with an equal first token included.</summary>
    public int ChildCount;

    /// <summary>Its place among its parent's children, which stand in the order in which they first came.</summary>
    public long Order;

    /// <summary>Requests that use it or something below it.</summary>
    public int Locks;

    /// <summary>When it was last looked at, as a number that counts up.</summary>
    public long LastAccess;

    /// <summary>Whether it is among the candidates for eviction, perhaps with an older time.</summary>
    public bool IsCandidate;

    /// <summary>Whether nothing keeps it from being evicted.</summary>
    public bool IsEvictable => ChildCount == 0 && Locks == 0 && Parent is not null;
}
