namespace LlmSim.Specs;

/// <summary>How requests are spaced in time.</summary>
public enum ArrivalProcess
{
    /// <summary>Independent exponential gaps.</summary>
    Poisson,

    /// <summary>Equal gaps.</summary>
    Deterministic,
}
