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

    /// <summary>Normal, rounded to the nearest whole number and cut to the range.</summary>
    Normal,

    /// <summary>Exponential, rounded to the nearest whole number and cut to the range.</summary>
    Exponential,

    /// <summary>Every whole number k of a range with a probability proportional to k to the power of −shape.</summary>
    Zipf,

    /// <summary>Pareto from the least length on, rounded to the nearest whole number and cut to the range.</summary>
    Pareto,

    /// <summary>The lengths in a file, each as often as its weight says, cut to the range.</summary>
    Empirical,
}
