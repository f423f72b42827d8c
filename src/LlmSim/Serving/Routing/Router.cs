namespace LlmSim.Serving.Routing;

/// <summary>Chooses the replica for each request as it arrives.</summary>
internal abstract class Router
{
    /// <summary>What the choice depends on.</summary>
    public abstract RouterSight Sight { get; }

    /// <summary>The index of the replica for the next request.</summary>
    /// <param name="replicas">All replicas, at least one; as of now in what the router looks at.</param>
    public abstract int Choose(Replica[] replicas);
}
