using LlmSim.Workloads;

namespace LlmSim.Uncertainty;

/// <summary>How a figure moves with the model's errors: deviations of its logarithm.</summary>
/// <param name="Down">Below the figure.</param>
/// <param name="Up">Above it; another one where the figure grows out of proportion, as latencies do near saturation.</param>
/// <param name="Effects">How much each error alone moves it, by one standard deviation of the error.</param>
internal sealed record FigureSpread(double Down, double Up, IReadOnlyList<double> Effects)
{
    /// <summary>The same with one error of another size, which moves the figure in proportion.</summary>
    /// <param name="error">Which one.</param>
    /// <param name="ratio">New deviation over the one drawn. At least 0.</param>
    public FigureSpread Resized(int error, double ratio)
    {
        double added = Effects[error] * Effects[error] * ((ratio * ratio) - 1);
        return new FigureSpread(With(Down), With(Up), [.. Effects.Select((effect, i) => i == error ? effect * ratio : effect)]);

        double With(double deviation) => Math.Sqrt(Math.Max(0, (deviation * deviation) + added));
    }

    /// <summary>The same with all errors of another size.</summary>
    /// <param name="ratio">New deviations over those drawn. At least 0.</param>
    public FigureSpread Scaled(double ratio) => new(Down * ratio, Up * ratio, [.. Effects.Select(effect => effect * ratio)]);

    /// <summary>The interval of a figure.</summary>
    /// <param name="value">The figure.</param>
    /// <param name="others">Deviations of what else there is, of the logarithm: noise, what remains unexplained.</param>
    public PredictionInterval Interval(double value, params ReadOnlySpan<double> others)
    {
        double variance = 0;
        foreach (double deviation in others)
        {
            variance += deviation * deviation;
        }

        return new PredictionInterval(value * Factor(-1, Down), value * Factor(1, Up));

        double Factor(int sign, double deviation) =>
            DeterministicMath.Exp(sign * PredictionInterval.Deviations * Math.Sqrt((deviation * deviation) + variance));
    }
}
