namespace LlmSim.Simulation;

/// <summary>Something that acts in simulated time: the gateway, a replica.</summary>
internal abstract class Actor
{
    /// <summary>Place in the kernel's heap; kept by <see cref="ActorHeap"/>.</summary>
    internal int HeapIndex { get; set; } = -1;

    /// <summary>Breaks ties between actors that wake at the same time: lower goes first. Set by <see cref="Kernel"/>.</summary>
    internal int Order { get; set; }

    /// <summary>When the actor wakes next. Set by <see cref="Kernel"/>.</summary>
    internal SimTime WakesAt { get; set; } = SimTime.Never;

    /// <summary>
    /// Acts at <paramref name="now"/> and, if it likes, on its own through all times before <paramref name="horizon"/>: no other
    /// actor does anything earlier than that. An actor that knows who can reach it may go on until that one wakes.
    /// </summary>
    /// <returns>When to wake next, not before <paramref name="now"/>; <see cref="SimTime.Never"/> to sleep until somebody calls.</returns>
    public abstract SimTime Wake(SimTime now, SimTime horizon);
}
