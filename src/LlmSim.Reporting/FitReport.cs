using System.Globalization;
using LlmSim.Validation;
using LlmSim.Validation.Fitting;

namespace LlmSim.Reporting;

/// <summary>Fitted constants on the screen.</summary>
internal static class FitReport
{
    private const int NameColumns = 32;

    /// <summary>Prints a host's constants, what they do to the errors, and the section of a scenario that has them.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="before">The replays without it.</param>
    public static void WriteHost(TextWriter output, HostFit fit, IReadOnlyList<ValidatedRun> before)
    {
        output.WriteLine();
        output.WriteLine($"host constants fitted to {fit.FittedOn.Count} run{(fit.FittedOn.Count == 1 ? "" : "s")}, {fit.Requests} requests; 95% intervals");
        WriteConstants(output, fit.Constants);
        output.WriteLine();
        WriteMeans(output, "as before", before, "with these", fit.With);
        ConstantEstimate[] found = [.. fit.Constants.Where(estimate => estimate.IsFound)];
        if (found.Length > 0)
        {
            output.WriteLine();
            output.WriteLine("host:");
            foreach (ConstantEstimate estimate in found)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {estimate.Constant.Name}: {Rounded(estimate):0.###e-0}"));
            }
        }
    }

    /// <summary>Prints what leaving out each model came to.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="models">Each model left out.</param>
    /// <param name="shipped">The replays with the constants as they are.</param>
    /// <param name="skipSeconds">Seconds that second comparisons leave out; null when there are none.</param>
    public static void WriteLeftOut(TextWriter output, IReadOnlyList<LeftOutModel> models, IReadOnlyList<ValidatedRun> shipped, double? skipSeconds)
    {
        output.WriteLine();
        output.WriteLine("leave one model out: constants refitted to the runs of all other models; 95% intervals");
        foreach (LeftOutModel model in models)
        {
            output.WriteLine($"without {model.Model}, {model.FittedOn} runs");
            WriteConstants(output, model.Constants);
        }

        ValidatedRun[] refitted = [.. models.SelectMany(model => model.Runs)];
        int columns = Math.Max(34, 4 + refitted.Max(run => run.Run.Name.Length));
        WriteErrors("all requests", run => run.Whole);
        if (skipSeconds is { } skip)
        {
            WriteErrors(string.Create(CultureInfo.InvariantCulture, $"after {skip:0.###} s"), run => run.Rest!);
        }

        void WriteErrors(string which, Func<ValidatedRun, Comparison> of)
        {
            Figure[] figures = [.. Figure.All.Where(figure => !figure.IsOptional)];
            output.WriteLine();
            output.WriteLine($"{$"on the model left out, {which}".PadRight(columns)}{string.Concat(figures.Select(figure => $"{Head(figure),11}"))}");
            foreach (ValidatedRun run in refitted)
            {
                WriteLine(run.Run.Name + (LeftOutModel.IsFittedOn(run.Run) ? "" : " *"), figure => Percent(of(run).Error(figure), sign: true));
            }

            WriteMean("mean |error|, refitted", [.. refitted.Where(run => LeftOutModel.IsFittedOn(run.Run))]);
            WriteMean("mean |error|, as shipped", [.. shipped.Where(run => LeftOutModel.IsFittedOn(run.Run))]);
            if (refitted.Any(run => !LeftOutModel.IsFittedOn(run.Run)))
            {
                output.WriteLine("* not fitted on, and not in the means: requests failed, or times are the engine's");
            }

            void WriteLine(string label, Func<Figure, string> cell) =>
                output.WriteLine($"  {label.PadRight(columns - 2)}{string.Concat(figures.Select(figure => $"{cell(figure),11}"))}");

            void WriteMean(string label, ValidatedRun[] runs) =>
                WriteLine(label, figure => Percent(Comparison.MeanAbsoluteError(runs.Select(of), figure), sign: false));
        }
    }

    private static void WriteConstants(TextWriter output, IReadOnlyList<ConstantEstimate> constants)
    {
        foreach (ConstantEstimate estimate in constants)
        {
            FittedConstant constant = estimate.Constant;
            if (constant.Prior is not null)
            {
                (double low, double high) = (estimate.Value - estimate.HalfWidth!.Value, estimate.Value + estimate.HalfWidth.Value);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {constant.Name,-NameColumns}{estimate.Value,9:0.000} {constant.Unit}  {low:0.000} to {high:0.000}: an error of the kernels' times, if not chance"));
                continue;
            }

            string value = $"  {constant.Name,-NameColumns}{Text(constant, estimate.Value),9} {constant.Unit}  ";
            output.WriteLine(estimate.HalfWidth is { } half
                ? $"{value}{Text(constant, Math.Max(0, estimate.Value - half))} to {Text(constant, estimate.Value + half)}"
                : $"{value}not found, left as it is: {estimate.Why}");
        }
    }

    private static void WriteMeans(TextWriter output, string first, IReadOnlyList<ValidatedRun> before, string second, IReadOnlyList<ValidatedRun> after)
    {
        output.WriteLine($"{$"mean |error|, {before.Count} run{(before.Count == 1 ? "" : "s")}",-26}{first,11}{second,12}");
        foreach (Figure figure in Figure.Shown(before.Select(run => run.Whole)))
        {
            output.WriteLine($"  {Head(figure),-24}{Mean(before),11}{Mean(after),12}");

            string Mean(IReadOnlyList<ValidatedRun> runs) => Percent(Comparison.MeanAbsoluteError(runs.Select(run => run.Whole), figure), sign: false);
        }
    }

    private static string Head(Figure figure) => figure == Figure.All[^1] ? "tokens/s" : figure.Label.Split(',')[0];

    // No more digits than its interval has.
    private static double Rounded(ConstantEstimate estimate)
    {
        double unit = 1;
        while (unit > estimate.HalfWidth!.Value / 5)
        {
            unit /= 10;
        }

        return Math.Round(estimate.Value / unit) * unit;
    }

    private static string Text(FittedConstant constant, double value) => (value * constant.Scale).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Percent(double? value, bool sign) =>
        value?.ToString(sign ? "+0.0%;-0.0%;0.0%" : "0.0%", CultureInfo.InvariantCulture) ?? "none";
}
