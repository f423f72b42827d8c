namespace LlmSim.Specs;

/// <summary>How a router chooses among data-parallel replicas.</summary>
public enum RoutingPolicy
{
    /// <summary>Each in turn.</summary>
    RoundRobin,

    /// <summary>The one with the fewest requests that have not finished; the first of equals.</summary>
    LeastOutstanding,

    /// <summary>The one with the fewest KV blocks in use; among equals the one with fewer unfinished requests.</summary>
    LeastKv,

    /// <summary>Of two drawn at random, the one with fewer unfinished requests.</summary>
    PowerOfTwo,
}
