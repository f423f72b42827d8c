namespace LlmSim.Simulation;

/// <summary>
/// The simulation kernel. It guarantees: time never goes back; actors act in order of (wake-up time, order of addition); no
/// wake-up is lost; an actor told it may act up to a horizon is not overtaken by another.
/// </summary>
internal sealed class Kernel
{
    private readonly ActorHeap _actors = new();

    /// <summary>Time of the latest wake-up.</summary>
    public SimTime Now { get; private set; }

    /// <summary>Adds a sleeping actor.</summary>
    public void Add(Actor actor)
    {
        actor.Order = _actors.Count;
        _actors.Add(actor);
    }

    /// <summary>Makes an actor wake at <paramref name="time"/> unless it wakes earlier anyway.</summary>
    public void WakeBy(Actor actor, SimTime time)
    {
        if (time < actor.WakesAt)
        {
            _actors.Move(actor, time);
        }
    }

    /// <summary>Runs until every actor sleeps, or until cancelled.</summary>
    /// <returns>False when it was cancelled.</returns>
    /// <exception cref="InvalidOperationException">An actor asked to wake in the past: a fault of this program.</exception>
    public bool Run(CancellationToken cancellation)
    {
        while (_actors.First is { } actor && actor.WakesAt != SimTime.Never)
        {
            if (cancellation.IsCancellationRequested)
            {
                return false;
            }

            Now = actor.WakesAt;
            SimTime next = actor.Wake(Now, _actors.SecondWake);
            if (next < Now)
            {
                throw new InvalidOperationException($"{actor.GetType().Name} woke at {Now} and asked to wake at {next}.");
            }

            _actors.Move(actor, next);
        }

        return true;
    }
}
