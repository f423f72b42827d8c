namespace LlmSim.Specs;

/// <summary>In which order SGLang's prefill attempts look at the waiting queue (<c>--schedule-policy</c>).</summary>
public enum SglangPolicy
{
    /// <summary>First come, first served.</summary>
    Fcfs,

    /// <summary>Longest cached prefix first; first come, first served while more than 128 wait.</summary>
    Lpm,

    /// <summary>Longest output limit first.</summary>
    Lof,

    /// <summary>Depth first through the radix tree, the child with more waiting requests below it first.</summary>
    DfsWeight,
}
