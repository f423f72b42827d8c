namespace LlmSim.Serving.Events;

/// <summary>Sees the events of a simulation in order of time. Override the kinds you want and name them in <see cref="Interests"/>.</summary>
/// <remarks>Without observers the engine jumps over whole runs of steps; with one it walks every step, with the same results.</remarks>
public abstract class SimulationObserver
{
    /// <summary>The kinds of events to be told of.</summary>
    public abstract SimulationEvents Interests { get; }

    /// <summary>A request reached the server.</summary>
    public virtual void Handle(in RequestArrived e)
    {
    }

    /// <summary>A request was tokenised and joined the waiting queue.</summary>
    public virtual void Handle(in RequestTokenized e)
    {
    }

    /// <summary>The scheduler moved a request from the waiting queue to the running ones.</summary>
    public virtual void Handle(in RequestScheduled e)
    {
    }

    /// <summary>A step began to compute a chunk of a prompt.</summary>
    public virtual void Handle(in PrefillStarted e)
    {
    }

    /// <summary>A step that computed the last chunk of a prompt ended.</summary>
    public virtual void Handle(in PrefillFinished e)
    {
    }

    /// <summary>A step with decoding sequences began.</summary>
    public virtual void Handle(in DecodeStepStarted e)
    {
    }

    /// <summary>A step with decoding sequences ended.</summary>
    public virtual void Handle(in DecodeStepFinished e)
    {
    }

    /// <summary>A request produced a token.</summary>
    public virtual void Handle(in TokenEmitted e)
    {
    }

    /// <summary>A running request was thrown out; its KV blocks are free and it will be recomputed.</summary>
    public virtual void Handle(in RequestPreempted e)
    {
    }

    /// <summary>A request produced its last token.</summary>
    public virtual void Handle(in RequestFinished e)
    {
    }

    /// <summary>A request was refused: it can never run, or the queue was full.</summary>
    public virtual void Handle(in RequestRejected e)
    {
    }

    /// <summary>The engine dropped a request whose client had given up.</summary>
    public virtual void Handle(in RequestAborted e)
    {
    }

    /// <summary>The scheduler formed a step.</summary>
    public virtual void Handle(in BatchFormed e)
    {
    }
}
