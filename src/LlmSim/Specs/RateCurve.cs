namespace LlmSim.Specs;

/// <summary>How the request rate changes over time.</summary>
public enum RateCurve
{
    /// <summary>From one rate to another in equal steps.</summary>
    Linear,

    /// <summary>From one rate to another by equal factors.</summary>
    Exponential,

    /// <summary>A sinusoid about the mean rate, as over the hours of a day.</summary>
    Diurnal,

    /// <summary>Periods with requests and periods without.</summary>
    Bursts,
}
