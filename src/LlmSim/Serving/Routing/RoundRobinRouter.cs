namespace LlmSim.Serving.Routing;

/// <summary>Each replica in turn.</summary>
internal sealed class RoundRobinRouter : Router
{
    private int _next;

    /// <inheritdoc />
    public override RouterSight Sight => RouterSight.Nothing;

    /// <inheritdoc />
    public override int Choose(Replica[] replicas)
    {
        int chosen = _next;
        _next = chosen + 1 == replicas.Length ? 0 : chosen + 1;
        return chosen;
    }
}
