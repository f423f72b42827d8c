using System.Globalization;
using LlmSim.Planning.Sweeps;
using LlmSim.Reporting.Sweeps;
using Spectre.Console;

namespace LlmSim.Cli.Output;

/// <summary>Prints a sweep in a few lines.</summary>
internal static class SweepScreen
{
    /// <summary>Prints what was swept, how many runs there were, and the best of them.</summary>
    public static void Write(TextWriter output, SweepHeader header, SweepTotals totals)
    {
        output.WriteLine($"Sweep      {SweepWords.Axes(header)}");
        output.WriteLine($"Runs       {SweepWords.Runs(header, totals)}");
        if (header.Shard.Count > 1)
        {
            output.WriteLine($"Shard      {header.Shard}, for llmsim merge");
        }

        if (!totals.BestRuns.Any())
        {
            return;
        }

        output.WriteLine();
        Table table = Screen.Table(["best of them", ">value", ">run", .. header.Columns.SelectMany(columns => columns).Select(column => $">{column.Name}")]);
        foreach (SweepTotals.Best best in totals.BestRuns)
        {
            table.Add([best.Name, best.Value.ToString(best.Value < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture), $"{best.Row!.Point + 1}", .. header.Texts(best.Row.Point)]);
        }

        Screen.Write(output, table);
    }
}
