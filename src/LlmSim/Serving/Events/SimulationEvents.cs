namespace LlmSim.Serving.Events;

/// <summary>Kinds of events, for an observer to say which it wants.</summary>
[Flags]
public enum SimulationEvents
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="Events.RequestArrived"/>.</summary>
    RequestArrived = 1 << 0,

    /// <summary><see cref="Events.RequestTokenized"/>.</summary>
    RequestTokenized = 1 << 1,

    /// <summary><see cref="Events.RequestScheduled"/>.</summary>
    RequestScheduled = 1 << 2,

    /// <summary><see cref="Events.PrefillStarted"/>.</summary>
    PrefillStarted = 1 << 3,

    /// <summary><see cref="Events.PrefillFinished"/>.</summary>
    PrefillFinished = 1 << 4,

    /// <summary><see cref="Events.DecodeStepStarted"/>.</summary>
    DecodeStepStarted = 1 << 5,

    /// <summary><see cref="Events.DecodeStepFinished"/>.</summary>
    DecodeStepFinished = 1 << 6,

    /// <summary><see cref="Events.TokenEmitted"/>.</summary>
    TokenEmitted = 1 << 7,

    /// <summary><see cref="Events.RequestPreempted"/>.</summary>
    RequestPreempted = 1 << 8,

    /// <summary><see cref="Events.RequestFinished"/>.</summary>
    RequestFinished = 1 << 9,

    /// <summary><see cref="Events.RequestRejected"/>.</summary>
    RequestRejected = 1 << 10,

    /// <summary><see cref="Events.BatchFormed"/>.</summary>
    BatchFormed = 1 << 11,

    /// <summary><see cref="Events.RequestAborted"/>.</summary>
    RequestAborted = 1 << 12,

    /// <summary>Every kind.</summary>
    All = (1 << 13) - 1,
}
