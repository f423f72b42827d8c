using LlmSim.Uncertainty;

namespace LlmSim.Validation;

/// <summary>
/// Finds what kernels and host leave unexplained of measured runs, <see cref="ServingResidual"/>: for each kind of figure the deviation with
/// which 80% of the intervals would just hold the measured figure.
/// </summary>
/// <remarks>
/// A figure that is e off, in logarithms, of which the model's own errors explain s, needs √((e/1.28)² − s²); of these the 80% quantile is
/// taken, which single runs gone wrong hardly move. First the step as a whole, from mean times per token; then, with it, each kind of
/// figure.
/// </remarks>
internal static class ResidualFit
{
    /// <summary>Fits to some runs that were replayed with errors drawn.</summary>
    /// <param name="runs">What they came to. At least one.</param>
    public static ServingResidual Of(IReadOnlyList<Comparison> runs)
    {
        Figure tpot = Figure.All.First(figure => figure.Name == "mean_tpot");
        double step = Quantile(runs.Select(double? (run) =>
        {
            (int error, double drawn) = StepOf(run);
            return run.Drawn!.Of(tpot.Of) is { } spread && run.LogError(tpot) is { } off && spread.Effects[error] != 0
                ? Needed(off, spread.Resized(error, 0)) * drawn / Math.Abs(spread.Effects[error])
                : null;
        }));
        double meanTtft = Math.Max(ServingResidual.LeastOfLatencies, Kind(FigureKind.MeanTtft));
        double mean = Math.Max(ServingResidual.LeastOfLatencies, Kind(FigureKind.Mean));
        return new ServingResidual
        {
            Step = step,
            MeanTtft = meanTtft,
            TailTtft = Math.Max(meanTtft, Kind(FigureKind.TailTtft)),
            Mean = mean,
            Tail = Math.Max(mean, Kind(FigureKind.Tail)),
            Rate = Math.Max(ServingResidual.LeastOfRates, Kind(FigureKind.Rate)),
        };

        double Kind(FigureKind kind) => Quantile(runs.SelectMany(run => Figure.All.Where(figure => figure.Kind == kind).Select(figure =>
            Spread(run, figure, step) is { } spread && run.LogError(figure) is { } off ? Needed(off, spread) : (double?)null)));
    }

    /// <summary>How many figures of a run a table holds.</summary>
    public static Coverage Count(Comparison run, ServingResidual residual)
    {
        bool[] inside =
        [
            .. Figure.All.Where(figure => figure.Of(run.Measured) is not null).Select(figure => (figure, Spread(run, figure, residual.Step)))
                .Where(one => one.Item2 is not null).Select(one => one.Item2!.Interval(one.figure.Of(run.Simulated)!.Value, residual.Of(one.figure.Kind))
                    .Holds(one.figure.Of(run.Measured)!.Value)),
        ];
        return new Coverage(inside.Count(one => one), inside.Length);
    }

    private static FigureSpread? Spread(Comparison run, Figure figure, double step)
    {
        (int error, double drawn) = StepOf(run);
        return run.Drawn!.Of(figure.Of)?.Resized(error, step / drawn);
    }

    private static (int Error, double Drawn) StepOf(Comparison run)
    {
        ErrorFactor step = run.Drawn!.Factors.Single(error => error.Name == ModelErrors.Step);
        return (run.Drawn.Factors.ToList().IndexOf(step), step.Deviation);
    }

    private static double Needed(double off, FigureSpread spread)
    {
        double all = off / PredictionInterval.Deviations;
        double own = off < 0 ? spread.Down : spread.Up;
        return Math.Sqrt(Math.Max(0, (all * all) - (own * own)));
    }

    // Between values as NumPy has it; 0 of none.
    private static double Quantile(IEnumerable<double?> values)
    {
        double[] sorted = [.. values.OfType<double>().Order()];
        if (sorted.Length == 0)
        {
            return 0;
        }

        double place = PredictionInterval.Level * (sorted.Length - 1);
        int below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}
