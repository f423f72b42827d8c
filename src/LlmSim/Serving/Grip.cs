namespace LlmSim.Serving;

/// <summary>That a request holds a stretch of blocks: a link in the request's list, in order of blocks, and in the stretch's.</summary>
internal struct Grip
{
    public int Stretch;
    public int Slot;

    /// <summary>Neighbours in the request's list; −1 for none.</summary>
    public int Previous;
    public int Next;

    /// <summary>Neighbours in the stretch's list; −1 for none.</summary>
    public int PreviousHolder;
    public int NextHolder;
}
