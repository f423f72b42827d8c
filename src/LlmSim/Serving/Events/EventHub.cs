namespace LlmSim.Serving.Events;

/// <summary>Hands each event to the observers that asked for its kind.</summary>
internal sealed class EventHub : SimulationObserver
{
    private readonly SimulationObserver[] _observers;

    /// <summary>Creates a hub over these observers.</summary>
    public EventHub(IReadOnlyList<SimulationObserver> observers)
    {
        _observers = [.. observers];
        Interests = _observers.Aggregate(SimulationEvents.None, (all, o) => all | o.Interests);
        IsSilent = Interests == SimulationEvents.None;
    }

    /// <summary>A hub nobody listens to.</summary>
    public static EventHub Silent { get; } = new([]);

    /// <inheritdoc />
    public override SimulationEvents Interests { get; }

    /// <summary>Whether anybody listens to anything.</summary>
    public bool IsSilent { get; }

    /// <summary>Whether anybody listens to any of these kinds.</summary>
    public bool Wants(SimulationEvents kinds) => (Interests & kinds) != 0;

    /// <inheritdoc />
    public override void Handle(in RequestArrived e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.RequestArrived) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in RequestTokenized e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.RequestTokenized) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in RequestScheduled e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.RequestScheduled) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in PrefillStarted e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.PrefillStarted) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in PrefillFinished e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.PrefillFinished) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in DecodeStepStarted e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.DecodeStepStarted) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in DecodeStepFinished e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.DecodeStepFinished) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in TokenEmitted e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.TokenEmitted) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in RequestPreempted e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.RequestPreempted) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in RequestFinished e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.RequestFinished) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in RequestRejected e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.RequestRejected) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in RequestAborted e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.RequestAborted) != 0)
            {
                observer.Handle(e);
            }
        }
    }

    /// <inheritdoc />
    public override void Handle(in BatchFormed e)
    {
        foreach (SimulationObserver observer in _observers)
        {
            if ((observer.Interests & SimulationEvents.BatchFormed) != 0)
            {
                observer.Handle(e);
            }
        }
    }
}
