namespace LlmSim.Specs;

/// <summary>Law of a length in tokens.</summary>
public enum LengthDistribution
{
    /// <summary>Always the same.</summary>
    Fixed,

    /// <summary>Every whole number of a range equally likely, both ends included.</summary>
    Uniform,

    /// <summary>Lognormal, rounded to the nearest whole number and cut to the range.</summary>
    Lognormal,
}
