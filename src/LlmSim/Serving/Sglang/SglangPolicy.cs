namespace LlmSim.Serving.Sglang;

/// <summary>In which order a prefill attempt looks at the waiting queue (<c>--schedule-policy</c>).</summary>
internal enum SglangPolicy
{
    /// <summary>First come, first served.</summary>
    Fcfs,

    /// <summary>Longest cached prefix first.</summary>
    Lpm,

    /// <summary>Longest output limit first.</summary>
    Lof,

    /// <summary>Depth first through the radix tree, the child with more waiting requests below it first.</summary>
    DfsWeight,
}
