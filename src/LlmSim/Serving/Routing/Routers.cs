using LlmSim.Specs;

namespace LlmSim.Serving.Routing;

/// <summary>Makes routers.</summary>
internal static class Routers
{
    /// <summary>The router of a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="seed">Seed of the scenario.</param>
    /// <exception cref="ArgumentOutOfRangeException">The policy is not a member of <see cref="RoutingPolicy"/>.</exception>
    public static Router Create(RoutingPolicy policy, ulong seed) => policy switch
    {
        RoutingPolicy.RoundRobin => new RoundRobinRouter(),
        RoutingPolicy.LeastOutstanding => new LeastOutstandingRouter(),
        RoutingPolicy.LeastKv => new LeastKvRouter(),
        RoutingPolicy.PowerOfTwo => new PowerOfTwoRouter(seed),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "not a known policy"),
    };
}
