namespace LlmSim.Serving.Sglang;

/// <summary>What the fast engine keeps of a request besides its <see cref="Request"/>.</summary>
internal struct SglangShare
{
    /// <summary>What it says, if that is in the tree; null while it shares nothing.</summary>
    public TokenRun[]? Path;

    /// <summary>The node that ends what it shares; locked while it runs.</summary>
    public RadixNode? Node;

    /// <summary>Sharing nothing: tokens of the nodes that it would have, when it would have several.</summary>
    public List<int>? Pieces;

    /// <summary>Sharing nothing: when its tokens were last looked at.</summary>
    public long LastAccess;

    /// <summary>When it last joined the queue, as a number that counts up.</summary>
    public long QueueEntry;

    /// <summary>The first decode call that it is in.</summary>
    public long JoinCall;

    /// <summary>The turn in which it joined the running batch.</summary>
    public long JoinTurn;

    /// <summary>Its limit: <c>max_new_tokens</c>.</summary>
    public int MaxNewTokens;

    /// <summary>Its first tokens that the tree holds for it, or would.</summary>
    public int Shared;

    /// <summary>Tokens that its latest prefill covers.</summary>
    public int Filled;

    /// <summary>Tokens found in memory when its latest prefill was decided.</summary>
    public int Prefix;

    /// <summary>Tokens to compute in its next prefill, as last reckoned.</summary>
    public int Extend;
}
