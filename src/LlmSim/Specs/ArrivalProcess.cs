namespace LlmSim.Specs;

/// <summary>How requests are spaced in time.</summary>
public enum ArrivalProcess
{
    /// <summary>Independent gaps: exponential, unless the workload's burstiness makes them gamma.</summary>
    Poisson,

    /// <summary>Equal gaps.</summary>
    Deterministic,
}
