using System.Globalization;
using LlmSim.Specs;
using LlmSim.Validation;

namespace LlmSim.Reporting;

/// <summary>Measured against simulated on the screen: a table for each run, and the mean errors of all.</summary>
internal static class ValidationReport
{
    private const int LabelColumns = 18;

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
        output.WriteLine($"  {"",-LabelColumns}{"measured",11}{"simulated",11}{"error",9}{after}");
        foreach (Figure figure in Figure.Shown(run.Whole))
        {
            string rest = run.Rest is { } second ? $"{"",5}{Cells(second, figure)}" : "";
            output.WriteLine($"  {figure.Label,-LabelColumns}{Cells(run.Whole, figure)}{rest}".TrimEnd());
        }

        WriteCount(output, run, "answered", figures => figures.Answered);
        if (run.Whole.Measured.Failed + run.Whole.Simulated.Failed > 0)
        {
            WriteCount(output, run, "not answered", figures => figures.Failed);
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
        output.WriteLine($"{$"mean |error|, {runs.Count} run{(runs.Count == 1 ? "" : "s")}",-26}{"all",8}{after}");
        foreach (Figure figure in Figure.Shown(runs.Select(run => run.Whole)))
        {
            string whole = Percent(Comparison.MeanAbsoluteError(runs.Select(run => run.Whole), figure), sign: false);
            string rest = skipSeconds is null ? "" : Percent(Comparison.MeanAbsoluteError(runs.Select(run => run.Rest!), figure), sign: false);
            output.WriteLine($"  {figure.Label.Split(',')[0],-24}{whole,8}{rest,14}".TrimEnd());
        }
    }

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

    private static string Cells(Comparison comparison, Figure figure) =>
        $"{Number(figure.Of(comparison.Measured) * figure.Scale),11}{Number(figure.Of(comparison.Simulated) * figure.Scale),11}"
        + $"{Percent(comparison.Error(figure), sign: true),9}";

    private static string Number(double? value) => value is not { } number ? "none"
        : number.ToString(number < 100 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static string Percent(double? value, bool sign) =>
        value?.ToString(sign ? "+0.0%;-0.0%;0.0%" : "0.0%", CultureInfo.InvariantCulture) ?? "none";
}
