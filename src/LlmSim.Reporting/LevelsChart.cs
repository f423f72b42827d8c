using LlmSim.Metrics;

namespace LlmSim.Reporting;

/// <summary>How full a server is over time, as a small chart on a terminal.</summary>
internal static class LevelsChart
{
    /// <summary>Draws it, where there is room.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="levels">The run in intervals, in order.</param>
    /// <param name="columns">Columns of the terminal; 0 for none.</param>
    public static void Write(TextWriter output, IReadOnlyList<SeriesRow> levels, int columns)
    {
        var chart = new TerminalChart("Requests running and waiting", "s")
        {
            Points = [.. levels.Select(row => (row.Start.Seconds + (row.Length.Seconds / 2), row.Running + row.Waiting))],
        };
        IReadOnlyList<string> lines = chart.Lines(columns);
        foreach (string line in lines.Count > 0 ? lines.Prepend("") : lines)
        {
            output.Write($"{line}\n");
        }
    }
}
