using LlmSim.Uncertainty;

namespace LlmSim.Validation;

/// <summary>
/// Finds what measured runs say of the errors, <see cref="ServingResidual"/>: the sizes with which 80% of the intervals would just hold the
/// measured figure.
/// </summary>
/// <remarks>
/// A figure that is e off, in logarithms, of which the model's own errors explain s, asks for s to be e/(1.28·s) times as large, or for a
/// further deviation of √((e/1.28)² − s²). Of what all figures ask for the 80% quantile is taken, which single runs gone wrong hardly
/// move: of the factor, over times per token and to the last token, at most 1; then of the step as a whole, over mean times per token;
/// then of what remains, over each kind of figure. Sizes other than those drawn are taken to act in proportion, so that the fit is to be
/// repeated with its own result until it stays.
/// </remarks>
internal static class ResidualFit
{
    /// <summary>Fits to some runs that were replayed with errors drawn.</summary>
    /// <param name="runs">What they came to. At least one.</param>
    /// <param name="drawn">The sizes that were drawn.</param>
    public static ServingResidual Of(IReadOnlyList<Comparison> runs, ServingResidual drawn)
    {
        var residual = new ServingResidual();
        residual = residual with
        {
            Kernels = Math.Clamp(
                Quantile(Figures(figure => figure.Kind is FigureKind.Mean or FigureKind.Tail, (off, spread) => Math.Abs(off)
                    / (PredictionInterval.Deviations * Math.Sqrt(Square(Own(off, spread)) + Square(ServingResidual.LeastOfLatencies))))),
                ServingResidual.LeastOfKernels, 1),
        };
        residual = residual with
        {
            Step = Quantile(Figures(figure => figure.Name == "mean_tpot", (off, spread) => Further(off, spread, ServingResidual.LeastOfLatencies))),
        };
        residual = residual with
        {
            MeanTtft = Math.Max(ServingResidual.LeastOfLatencies, Kind(FigureKind.MeanTtft)),
            Mean = Math.Max(ServingResidual.LeastOfLatencies, Kind(FigureKind.Mean)),
        };
        return residual with
        {
            TailTtft = Math.Max(residual.MeanTtft, Kind(FigureKind.TailTtft)),
            Tail = Math.Max(residual.Mean, Kind(FigureKind.Tail)),
            Rate = Math.Max(ServingResidual.LeastOfRates, Kind(FigureKind.Rate)),
        };

        double Kind(FigureKind kind) => Quantile(Figures(figure => figure.Kind == kind, (off, spread) => Further(off, spread, 0)));

        IEnumerable<double> Figures(Func<Figure, bool> wanted, Func<double, FigureSpread, double> asked) =>
            from run in runs
            from figure in Figure.All.Where(wanted)
            let spread = Spread(run, figure, residual, drawn)
            let off = run.LogError(figure)
            where spread is not null && off is not null
            select asked(off.Value, spread);
    }

    /// <summary>How many figures of a run a table holds.</summary>
    /// <param name="run">The run.</param>
    /// <param name="residual">The table.</param>
    /// <param name="drawn">The sizes that were drawn.</param>
    public static Coverage Count(Comparison run, ServingResidual residual, ServingResidual drawn)
    {
        (int inside, int all) = (0, 0);
        foreach (Figure figure in Figure.All)
        {
            if (figure.Of(run.Measured) is { } measured && Spread(run, figure, residual, drawn) is { } spread)
            {
                all++;
                inside += spread.Interval(figure.Of(run.Simulated)!.Value, residual.Of(figure.Kind)).Holds(measured) ? 1 : 0;
            }
        }

        return new Coverage(inside, all);
    }

    // What was drawn, resized to the table's sizes.
    private static FigureSpread? Spread(Comparison run, Figure figure, ServingResidual residual, ServingResidual drawn)
    {
        if (run.Drawn!.Of(figure.Of) is not { } spread)
        {
            return null;
        }

        double ratio = residual.Kernels / drawn.Kernels;
        int step = run.Drawn.Factors.ToList().FindIndex(error => error.Name == ModelErrors.Step);
        return step < 0 ? spread.Scaled(ratio) : spread.Resized(step, residual.Step / drawn.Step / ratio).Scaled(ratio);
    }

    private static double Further(double off, FigureSpread spread, double least) => Math.Sqrt(Math.Max(
        0, Square(off / PredictionInterval.Deviations) - Square(Own(off, spread)) - Square(least)));

    private static double Own(double off, FigureSpread spread) => off < 0 ? spread.Down : spread.Up;

    private static double Square(double x) => x * x;

    // Between values as NumPy has it; 0 of none.
    private static double Quantile(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
        {
            return 0;
        }

        double place = PredictionInterval.Level * (sorted.Length - 1);
        int below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}
