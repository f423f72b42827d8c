namespace LlmSim.Uncertainty;

/// <summary>Where a figure of the real deployment lies, with 80% confidence: the quantiles of 10 and 90%.</summary>
/// <param name="Low">Lower end, in the figure's unit.</param>
/// <param name="High">Upper end, in the figure's unit.</param>
public readonly record struct PredictionInterval(double Low, double High)
{
    /// <summary>Share of the figures that are to lie inside.</summary>
    public const double Level = 0.8;

    /// <summary>The 90% point of the normal distribution: half the interval in standard deviations.</summary>
    internal const double Deviations = 1.2815515655446004;

    /// <summary>Whether a value lies inside, ends included.</summary>
    public bool Holds(double value) => value >= Low && value <= High;
}
