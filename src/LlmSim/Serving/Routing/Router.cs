namespace LlmSim.Serving.Routing;

/// <summary>Chooses the replica for each request as it arrives.</summary>
internal abstract class Router
{
    /// <summary>
    /// Whether the choice depends on what the replicas do. If not, requests are handed over ahead of time, and the replicas need not
    /// be simulated in step with each other.
    /// </summary>
    public abstract bool LooksAtReplicas { get; }

    /// <summary>The index of the replica for the next request.</summary>
    /// <param name="replicas">All replicas, at least one; as of now if the router looks at them.</param>
    public abstract int Choose(Replica[] replicas);
}
