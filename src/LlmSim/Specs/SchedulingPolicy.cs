namespace LlmSim.Specs;

/// <summary>In which order a continuously batching engine admits waiting requests, and whom it throws out first.</summary>
public enum SchedulingPolicy
{
    /// <summary>First come, first served; the last admitted is thrown out first. vLLM's default.</summary>
    Fcfs,

    /// <summary>Smaller priority first, ties by arrival; the worst of the running is thrown out first. vLLM's <c>--scheduling-policy priority</c>.</summary>
    Priority,

    /// <summary>
    /// Fewest output tokens first, ties by arrival, by a prediction of the output length that errs by
    /// <see cref="SchedulerSpec.PredictionError"/>. The longest of the running is thrown out first.
    /// </summary>
    Sjf,

    /// <summary>
    /// Earliest deadline first, ties by arrival: arrival plus the time to first token that its class asks for, or else the scenario.
    /// The latest deadline among the running is thrown out first.
    /// </summary>
    Edf,

    /// <summary>
    /// Fair shares between classes, as tenants: the class that was served least is admitted next, its requests by arrival. Served are
    /// tokens, by the classes' <see cref="RequestClassSpec.Weight"/>. The last admitted is thrown out first.
    /// </summary>
    Fair,
}
