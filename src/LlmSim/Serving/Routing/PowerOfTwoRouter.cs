using LlmSim.Workloads;

namespace LlmSim.Serving.Routing;

/// <summary>
/// Of two different replicas drawn at random, the one with fewer unfinished requests; the first drawn of equals (Mitzenmacher,
/// "The Power of Two Choices in Randomized Load Balancing", 2001).
/// </summary>
/// <param name="seed">Seed of the scenario.</param>
internal sealed class PowerOfTwoRouter(ulong seed) : Router
{
    private readonly RandomStream _stream = new(seed, "router");

    /// <inheritdoc />
    public override RouterSight Sight => RouterSight.Outstanding;

    /// <inheritdoc />
    public override int Choose(Replica[] replicas)
    {
        if (replicas.Length == 1)
        {
            return 0;
        }

        int first = Draw(replicas.Length);
        int second = Draw(replicas.Length - 1);
        second += second >= first ? 1 : 0;
        return replicas[second].Outstanding < replicas[first].Outstanding ? second : first;
    }

    private int Draw(int count) => (int)(_stream.NextDouble() * count);
}
