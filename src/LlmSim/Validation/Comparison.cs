using LlmSim.Uncertainty;
using LlmSim.Workloads;

namespace LlmSim.Validation;

/// <summary>Measured against simulated, over some requests of a run.</summary>
/// <param name="Measured">What was measured.</param>
/// <param name="Simulated">What was simulated.</param>
internal sealed record Comparison(Figures Measured, Figures Simulated)
{
    /// <summary>How the simulated figures move with the model's errors; null when that was not asked for.</summary>
    public DrawnRuns<Figures>? Drawn { get; init; }

    /// <summary>Simulated / measured − 1; null where one of them is not known or nothing was measured.</summary>
    public double? Error(Figure figure) =>
        figure.Of(Measured) is { } measured and not 0 && figure.Of(Simulated) is { } simulated ? (simulated / measured) - 1 : null;

    /// <summary>Logarithm of measured / simulated; null where there is no such.</summary>
    public double? LogError(Figure figure) => figure.Of(Measured) is { } measured and > 0 && figure.Of(Simulated) is { } simulated and > 0
        ? DeterministicMath.Log(measured / simulated)
        : null;

    /// <summary>
    /// Where the measured figure is to lie; null without one, or where it was not asked for. There is no noise in it: both sides had the same
    /// requests.
    /// </summary>
    public PredictionInterval? Interval(Figure figure) => figure.Of(Simulated) is { } value && Drawn?.Of(figure.Of) is { } spread
        ? spread.Interval(value, ServingResidual.Default.Of(figure.Kind))
        : null;

    /// <summary>Whether the measured figure lies there; null where one of them is not known.</summary>
    public bool? IsInside(Figure figure) => figure.Of(Measured) is { } measured ? Interval(figure)?.Holds(measured) : null;

    /// <summary>Compares a run with its replay.</summary>
    /// <param name="run">The run.</param>
    /// <param name="simulated">How long each request took in the simulation.</param>
    /// <param name="skipSeconds">Leaves out requests that arrived within so many seconds of the first.</param>
    public static Comparison Of(MeasuredRun run, IReadOnlyList<RequestTimes?> simulated, double skipSeconds = 0)
    {
        RequestTimes?[] measured = [.. run.Requests.Select(request => request.Times)];
        return new Comparison(Figures.Of(run.Requests, measured, From(skipSeconds)), Figures.Of(run.Requests, simulated, From(skipSeconds)));
    }

    /// <summary>When requests begin to count, in nanoseconds from the first.</summary>
    public static long From(double skipSeconds) => (long)Math.Round(skipSeconds * 1e9);

    /// <summary>Mean of the absolute errors of a figure over those comparisons that have one; null when none has.</summary>
    public static double? MeanAbsoluteError(IEnumerable<Comparison> comparisons, Figure figure)
    {
        double[] errors = [.. comparisons.Select(c => c.Error(figure)).OfType<double>().Select(Math.Abs)];
        return errors.Length == 0 ? null : errors.Sum() / errors.Length;
    }
}
