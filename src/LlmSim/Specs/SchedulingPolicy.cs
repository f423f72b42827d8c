namespace LlmSim.Specs;

/// <summary>In which order a continuously batching engine admits waiting requests, and whom it throws out first.</summary>
public enum SchedulingPolicy
{
    /// <summary>First come, first served; the last admitted is thrown out first. vLLM's default.</summary>
    Fcfs,

    /// <summary>Smaller priority first, ties by arrival; the worst of the running is thrown out first. vLLM's <c>--scheduling-policy priority</c>.</summary>
    Priority,

    /// <summary>
    /// Fewest output tokens first, ties by arrival, as if a perfect prediction of the output length were at hand. The longest of
    /// the running is thrown out first.
    /// </summary>
    Sjf,
}
