namespace LlmSim.Serving.Routing;

/// <summary>What a router looks at to choose. The less it sees, the further replicas can be simulated on their own.</summary>
internal enum RouterSight
{
    /// <summary>Nothing: requests are handed over ahead of time.</summary>
    Nothing,

    /// <summary>How many requests of each replica have not finished.</summary>
    Outstanding,

    /// <summary>That, and the KV blocks in use, which change with every step.</summary>
    KvBlocks,
}
