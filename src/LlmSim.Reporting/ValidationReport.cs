using System.Globalization;
using LlmSim.Specs;
using LlmSim.Uncertainty;
using LlmSim.Validation;

namespace LlmSim.Reporting;

/// <summary>Measured against simulated on the screen: a table for each run, and the mean errors of all.</summary>
internal static class ValidationReport
{
    private const int LabelColumns = 18;
    private const int MarkColumns = 5;

    /// <summary>Prints a run.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="run">The run.</param>
    /// <param name="skipSeconds">Seconds that its second comparison leaves out; null when there is none.</param>
    public static void WriteRun(TextWriter output, ValidatedRun run, double? skipSeconds)
    {
        output.WriteLine(run.Run.Name);
        foreach (string line in Head(run.Run))
        {
            output.WriteLine($"  {line}");
        }

        string after = skipSeconds is { } skip ? string.Create(CultureInfo.InvariantCulture, $"  {$"after {skip:0.###} s:",12} measured  simulated    error") : "";
        output.WriteLine($"  {"",-LabelColumns}{"measured",11}{"simulated",11}{"error",9}{(run.Whole.Drawn is null ? "" : skipSeconds is null ? $"{"80% interval",22}" : new string(' ', MarkColumns))}{after}");
        foreach (Figure figure in Figure.Shown(run.Whole))
        {
            string rest = run.Rest is { } second ? $"{"",5}{Cells(second, figure, hasRoom: false)}" : "";
            output.WriteLine($"  {figure.Label,-LabelColumns}{Cells(run.Whole, figure, skipSeconds is null)}{rest}".TrimEnd());
        }

        WriteCount(output, run, "answered", figures => figures.Answered);
        if (run.Whole.Measured.Failed + run.Whole.Simulated.Failed > 0)
        {
            WriteCount(output, run, "not answered", figures => figures.Failed);
        }

        if (run.Replay.Preemptions > 0)
        {
            output.WriteLine($"  {"preemptions",-LabelColumns}{"",11}{run.Replay.Preemptions,11}");
        }

        WriteLoad(output, run.Load);
        output.WriteLine();
    }

    /// <summary>Prints the mean errors.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="runs">The runs. At least one.</param>
    /// <param name="skipSeconds">Seconds that the second comparisons leave out; null when there are none.</param>
    public static void WriteMeans(TextWriter output, IReadOnlyList<ValidatedRun> runs, double? skipSeconds)
    {
        string after = skipSeconds is { } skip ? string.Create(CultureInfo.InvariantCulture, $"{$"after {skip:0.###} s",14}") : "";
        output.WriteLine($"{$"mean |error|, {runs.Count} run{(runs.Count == 1 ? "" : "s")}",-26}{"all",8}{after}{(runs[0].Whole.Drawn is null ? "" : $"{"held",14}")}");
        foreach (Figure figure in Figure.Shown(runs.Select(run => run.Whole)))
        {
            string whole = Percent(Comparison.MeanAbsoluteError(runs.Select(run => run.Whole), figure), sign: false);
            string held = runs[0].Whole.Drawn is null ? "" : Held(Coverage.Of(runs.Select(run => run.Whole), figure));
            string rest = skipSeconds is null ? "" : Percent(Comparison.MeanAbsoluteError(runs.Select(run => run.Rest!), figure), sign: false);
            output.WriteLine($"  {figure.Label.Split(',')[0],-24}{whole,8}{rest,14}{held,14}".TrimEnd());
        }

        if (runs[0].Whole.Drawn is not null)
        {
            Coverage all = Coverage.Of(runs.Select(run => run.Whole), Figure.All);
            output.WriteLine($"80% intervals hold {Held(all)} measured figures, {Percent(all.Share, sign: false)}.");
        }
    }

    /// <summary>Prints what kernels and host leave unexplained of the runs, and what that holds of runs of models that were left out.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="runs">The runs, replayed with errors drawn. At least one.</param>
    public static void WriteResidual(TextWriter output, IReadOnlyList<ValidatedRun> runs)
    {
        output.WriteLine();
        output.WriteLine($"{"errors found in runs",-22}{"kernels",7}{"step",7}{"TTFT",7}{"p99",7}{"others",7}{"p99",7}{"rates",7}{"held",9}");
        (int inside, int figures) = (0, 0);
        foreach (string model in runs.Select(run => run.Run.Config.Model.Name).Distinct())
        {
            ValidatedRun[] others = [.. runs.Where(run => run.Run.Config.Model.Name != model)];
            if (others.Length > 0)
            {
                Coverage held = Add($"without {model}", others, [.. runs.Except(others)]);
                (inside, figures) = (inside + held.Inside, figures + held.Figures);
            }
        }

        Add("all runs", runs, runs);
        if (figures > 0)
        {
            output.WriteLine($"Of figures of models that were left out, {Held(new Coverage(inside, figures))} are held.");
        }

        Coverage Add(string label, IReadOnlyList<ValidatedRun> fitted, IReadOnlyList<ValidatedRun> judged)
        {
            ServingResidual r = ResidualFit.Of([.. fitted.Select(run => run.Whole)], ServingResidual.Default);
            Coverage[] held = [.. judged.Select(run => ResidualFit.Count(run.Whole, r, ServingResidual.Default))];
            var all = new Coverage(held.Sum(one => one.Inside), held.Sum(one => one.Figures));
            string cells = string.Concat(new[] { r.Kernels, r.Step, r.MeanTtft, r.TailTtft, r.Mean, r.Tail, r.Rate }.Select(value => $"{Percent(value, sign: false),7}"));
            output.WriteLine($"  {label,-20}{cells}{Held(all),9}");
            return all;
        }
    }

    private static string Held(Coverage coverage) => $"{coverage.Inside} of {coverage.Figures}";

    /// <summary>The server and the load in a line.</summary>
    public static string Server(MeasuredRun run)
    {
        SimulatorConfig config = run.Config;
        return $"{config.Model.Name} on {config.Parallelism.Gpus} x {config.Cluster.Gpu.Name}, {config.Engine}, times of the "
            + $"{$"{config.Clock}".ToLowerInvariant()}, {run.Requests.Count} requests";
    }

    private static List<string> Head(MeasuredRun run)
    {
        var lines = new List<string> { Server(run) };
        foreach (string note in run.Notes)
        {
            TextLines.AddWrapped(lines, "assumed: ", note);
        }

        return lines;
    }

    private static void WriteLoad(TextWriter output, LoadComparison? load)
    {
        if (load is null)
        {
            return;
        }

        output.WriteLine($"  {"over time, mean",-LabelColumns}{"measured",11}{"simulated",11}{"|diff|",9}  at {load.Measured.Count} moments");
        foreach (LoadComparison.Level level in LoadComparison.Levels.Where(level => load.MeanMeasured(level) is not null))
        {
            output.WriteLine($"  {level.Label,-LabelColumns}{Number(load.MeanMeasured(level) * level.Scale),11}"
                + $"{Number(load.MeanSimulated(level) * level.Scale),11}{Number(load.MeanDifference(level) * level.Scale),9}");
        }
    }

    private static void WriteCount(TextWriter output, ValidatedRun run, string label, Func<Figures, int> count)
    {
        string rest = run.Rest is { } second ? $"{"",5}{count(second.Measured),11}{count(second.Simulated),11}" : "";
        output.WriteLine($"  {label,-LabelColumns}{count(run.Whole.Measured),11}{count(run.Whole.Simulated),11}{(rest.Length > 0 ? new string(' ', 9) : "")}{rest}");
    }

    private static string Cells(Comparison comparison, Figure figure, bool hasRoom) =>
        $"{Number(figure.Of(comparison.Measured) * figure.Scale),11}{Number(figure.Of(comparison.Simulated) * figure.Scale),11}"
        + $"{Percent(comparison.Error(figure), sign: true),9}{Mark(comparison, figure, hasRoom)}";

    /// <summary>Whether the interval holds the measured figure, and where there is room the interval.</summary>
    private static string Mark(Comparison comparison, Figure figure, bool hasRoom)
    {
        if (comparison.Drawn is null)
        {
            return "";
        }

        string mark = comparison.IsInside(figure) switch { true => "in", false => "OUT", _ => "" };
        string interval = hasRoom && comparison.Interval(figure) is { } ends
            ? $"{$"{Number(ends.Low * figure.Scale)}–{Number(ends.High * figure.Scale)}",22}"
            : "";
        return $"{interval}{mark,MarkColumns}";
    }

    private static string Number(double? value) => value is not { } number ? "none"
        : number.ToString(number < 100 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static string Percent(double? value, bool sign) =>
        value?.ToString(sign ? "+0.0%;-0.0%;0.0%" : "0.0%", CultureInfo.InvariantCulture) ?? "none";
}
