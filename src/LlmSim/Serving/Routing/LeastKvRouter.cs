namespace LlmSim.Serving.Routing;

/// <summary>The replica with the fewest KV blocks in use; among equals the one with fewer unfinished requests, then the first.</summary>
internal sealed class LeastKvRouter : Router
{
    /// <inheritdoc />
    public override RouterSight Sight => RouterSight.KvBlocks;

    /// <inheritdoc />
    public override int Choose(Replica[] replicas)
    {
        int best = 0;
        for (int i = 1; i < replicas.Length; i++)
        {
            int order = replicas[i].UsedBlocks.CompareTo(replicas[best].UsedBlocks);
            if (order < 0 || (order == 0 && replicas[i].Outstanding < replicas[best].Outstanding))
            {
                best = i;
            }
        }

        return best;
    }
}
