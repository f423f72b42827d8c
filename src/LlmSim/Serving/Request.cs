namespace LlmSim.Serving;

/// <summary>A request inside the engine: one slot of a pooled array, addressed by index.</summary>
/// <remarks>
/// A decoding request is not touched between joining and finishing. All it does is linear in the call number: before call u it
/// has <see cref="ContextBase"/> + u tokens computed, and it produces its last token in call <see cref="FinishCall"/>.
/// </remarks>
internal struct Request
{
    public long Id;
    public long ArrivalNs;
    public long ReadyNs;
    public long WaitingSinceNs;
    public long FirstScheduledNs;
    public long FirstTokenNs;
    public long LastTokenNs;

    /// <summary>Decoding: tokens computed before call u are this plus u.</summary>
    public long ContextBase;

    /// <summary>Decoding: the call that produces the last token.</summary>
    public long FinishCall;

    /// <summary>What the scheduling policy orders it by; 0 for first come, first served.</summary>
    public long Key;

    /// <summary>Order of admission, to list requests of one step as the scheduler does.</summary>
    public long AdmissionOrder;

    public int InputTokens;
    public int OutputTokens;

    /// <summary>Most tokens that it may come to have in the cache: prompt and longest answer.</summary>
    public int LongestTokens;

    /// <summary>Output tokens known when it was last admitted (or joined decoding).</summary>
    public int Emitted;

    /// <summary>
    /// Prefilling, late or swapped out: tokens computed so far. Decoding: tokens whose content was known when they were scheduled.
    /// </summary>
    public int Computed;

    /// <summary>Prefilling: new tokens and new blocks in the current call.</summary>
    public int Chunk;
    public int ChunkBlocks;

    public int Preemptions;

    /// <summary>Neighbours in the waiting or the running list.</summary>
    public int Previous;
    public int Next;

    /// <summary>Neighbours in the finish ring, or next among a step's finishers.</summary>
    public int RingPrevious;
    public int RingNext;

    public RequestState State;

    /// <summary>Decoding: the call before, or several, passed it over, or it was swapped out; its last token came out at <see cref="LastTokenNs"/>.</summary>
    public bool IsLate;

    /// <summary>Decoding: which of the engine's decode batches it is in.</summary>
    public int Cohort;

    /// <summary>Thrown out: the call of the step that still holds its next token, 0 for none.</summary>
    public long InFlightCall;

    /// <summary>Whether the prefix cache knows it: it has content, or was thrown out.</summary>
    public bool IsCached;

    /// <summary>Index of its class.</summary>
    public byte Class;

    /// <summary>Tokens to compute before the next output token: the prompt and all output so far.</summary>
    public readonly int KnownTokens => InputTokens + Emitted;

    /// <summary>Tokens computed when its last output token comes out; that token itself is never in the cache.</summary>
    public readonly int FinalContext => InputTokens + OutputTokens - 1;
}
