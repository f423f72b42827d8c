namespace LlmSim.Specs;

/// <summary>Law of the lengths of the periods with and without requests.</summary>
public enum BurstPeriods
{
    /// <summary>Independent and exponential: with exponential gaps, the interrupted Poisson process.</summary>
    Exponential,

    /// <summary>All alike.</summary>
    Fixed,
}
