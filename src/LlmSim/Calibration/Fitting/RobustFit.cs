using LlmSim.Calibration.Tables;
using LlmSim.Workloads;

namespace LlmSim.Calibration.Fitting;

/// <summary>
/// Fits coefficients to measured times by the least mean of |ln(predicted / measured)|, each at most 1, so that single bad rows
/// pull little. Of the groups of rows every third, by a hash of its name, is held out for the error; the coefficients returned are
/// then fitted to all.
/// </summary>
/// <typeparam name="TRow">A measured row.</typeparam>
/// <typeparam name="TModel">Coefficients.</typeparam>
internal sealed class RobustFit<TRow, TModel>
    where TRow : IKernelRow
    where TModel : class
{
    private const int MostRows = 1500;
    private const int CallsPerParameter = 300;
    private const int Rounds = 4;
    private const double FirstStep = 0.25;
    private const double WorstError = 1;
    private const int HeldOutOf = 3;

    /// <summary>The coefficients to fit.</summary>
    public required IReadOnlyList<Parameter> Parameters { get; init; }

    /// <summary>Makes the coefficients of values.</summary>
    public required Func<double[], TModel> Model { get; init; }

    /// <summary>The time that coefficients predict for a row.</summary>
    public required Func<TModel, TRow, double> Predict { get; init; }

    /// <summary>The time measured.</summary>
    public required Func<TRow, double> Measured { get; init; }

    /// <summary>Name of a row's group: rows of one are held out together.</summary>
    public required Func<TRow, string> Group { get; init; }

    /// <summary>How many groups of about the same share one model has in this family, whose errors partly cancel. At least 1. Default 1.</summary>
    public double GroupsPerModel { get; init; } = 1;

    /// <summary>Weight of a row's error. Default 1 for each.</summary>
    public Func<TRow, double> Weight { get; init; } = _ => 1;

    /// <summary>Adds to coefficients what they leave of the rows that they were fitted to. Default nothing.</summary>
    public Func<TModel, IReadOnlyList<TRow>, TModel> Refine { get; init; } = (model, _) => model;

    /// <summary>Coefficients to judge by the rows, of which none is then fitted. Default null: none.</summary>
    public TModel? Given { get; init; }

    /// <summary>Fits.</summary>
    /// <param name="rows">Rows, in an order of their own.</param>
    /// <param name="describe">Puts the quality into the coefficients.</param>
    /// <param name="quality">What is known of the rows already.</param>
    public TModel Run(IReadOnlyList<TRow> rows, Func<TModel, FitQuality, TModel> describe, FitQuality quality)
    {
        if (Given is not null)
        {
            return describe(Given, WithErrors(quality, Given, rows) with { Rows = rows.Count });
        }

        List<TRow> seen = [], held = [];
        foreach (TRow row in rows)
        {
            (Hash(Group(row)) % HeldOutOf == 0 ? held : seen).Add(row);
        }

        double[] start = [.. Parameters.Select(parameter => Parameter.Position(parameter.Start))];
        if (held.Count > 0 && seen.Count > 0)
        {
            start = Search(Sample(seen), start, Rounds);
            quality = WithErrors(quality, Refine(Model(Values(start)), seen), held);
        }

        double[] values = Values(Search(Sample(rows), start, held.Count > 0 ? 1 : Rounds));
        return describe(Refine(Model(values), rows), quality with { Rows = rows.Count });
    }

    private FitQuality WithErrors(FitQuality quality, TModel model, IReadOnlyList<TRow> rows)
    {
        double[] ratios = [.. rows.Select(row => Predict(model, row) / Measured(row))];
        return quality with
        {
            HeldOutError = FitContext.Round(ratios.Average(ratio => Math.Abs(ratio - 1)), 3),
            HeldOutMedian = FitContext.Round(Median([.. ratios.Select(ratio => Math.Abs(ratio - 1))]), 3),
            Spread = FitContext.Round(Math.Sqrt(ratios.Average(ratio => Square(Math.Clamp(DeterministicMath.Log(ratio), -WorstError, WorstError)))), 3),
            Bias = FitContext.Round(FitBias.Of(rows.Zip(ratios, (row, ratio) => (Group(row), Math.Clamp(DeterministicMath.Log(ratio), -WorstError, WorstError))), GroupsPerModel), 3),
            Errors = [.. rows.Zip(ratios, (row, ratio) => new RowError(Group(row), row.Region, DeterministicMath.Log(ratio)))],
        };
    }

    private static double Square(double x) => x * x;

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    private static List<TRow> Sample(IReadOnlyList<TRow> rows)
    {
        int count = Math.Min(rows.Count, MostRows);
        return [.. Enumerable.Range(0, count).Select(i => rows[(int)((long)i * rows.Count / count)])];
    }

    // FNV-1a.
    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        return hash ^ (hash >> 15);
    }

    private double[] Values(double[] positions) => [.. Parameters.Zip(positions, (parameter, position) => FitContext.Round(parameter.Value(position), 4))];

    private double[] Search(List<TRow> rows, double[] start, int rounds)
    {
        double[] logs = [.. rows.Select(row => DeterministicMath.Log(Measured(row)))];
        double[] weights = [.. rows.Select(Weight)];
        double allWeights = weights.Sum();
        double[] best = start;
        for (int round = 0; round < rounds; round++)
        {
            best = NelderMead.Minimise(Loss, best, FirstStep, CallsPerParameter * start.Length);
        }

        return best;

        double Loss(double[] positions)
        {
            double[] values = new double[positions.Length];
            double outside = 0;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = Parameters[i].Value(positions[i]);
                outside += Math.Abs(positions[i] - Parameter.Position(values[i]));
            }

            TModel model = Model(values);
            double sum = 0;
            for (int i = 0; i < rows.Count; i++)
            {
                sum += weights[i] * Math.Min(WorstError, Math.Abs(DeterministicMath.Log(Predict(model, rows[i])) - logs[i]));
            }

            return sum / allWeights + 1e-3 * outside;
        }
    }
}
