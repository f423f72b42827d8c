namespace LlmSim.Validation;

/// <summary>Measured against simulated, over some requests of a run.</summary>
/// <param name="Measured">What was measured.</param>
/// <param name="Simulated">What was simulated.</param>
internal sealed record Comparison(Figures Measured, Figures Simulated)
{
    /// <summary>Simulated / measured − 1; null where one of them is not known or nothing was measured.</summary>
    public double? Error(Figure figure) =>
        figure.Of(Measured) is { } measured and not 0 && figure.Of(Simulated) is { } simulated ? (simulated / measured) - 1 : null;

    /// <summary>Compares a run with its replay.</summary>
    /// <param name="run">The run.</param>
    /// <param name="simulated">How long each request took in the simulation.</param>
    /// <param name="skipSeconds">Leaves out requests that arrived within so many seconds of the first.</param>
    public static Comparison Of(MeasuredRun run, IReadOnlyList<RequestTimes?> simulated, double skipSeconds = 0)
    {
        long from = (long)Math.Round(skipSeconds * 1e9);
        RequestTimes?[] measured = [.. run.Requests.Select(request => request.Times)];
        return new Comparison(Figures.Of(run.Requests, measured, from), Figures.Of(run.Requests, simulated, from));
    }

    /// <summary>Mean of the absolute errors of a figure over those comparisons that have one; null when none has.</summary>
    public static double? MeanAbsoluteError(IEnumerable<Comparison> comparisons, Figure figure)
    {
        double[] errors = [.. comparisons.Select(c => c.Error(figure)).OfType<double>().Select(Math.Abs)];
        return errors.Length == 0 ? null : errors.Sum() / errors.Length;
    }
}
