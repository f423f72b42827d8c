namespace LlmSim.Serving.Routing;

/// <summary>The replica with the fewest unfinished requests; the first of equals.</summary>
internal sealed class LeastOutstandingRouter : Router
{
    /// <inheritdoc />
    public override RouterSight Sight => RouterSight.Outstanding;

    /// <inheritdoc />
    public override int Choose(Replica[] replicas)
    {
        int best = 0;
        for (int i = 1; i < replicas.Length; i++)
        {
            if (replicas[i].Outstanding < replicas[best].Outstanding)
            {
                best = i;
            }
        }

        return best;
    }
}
