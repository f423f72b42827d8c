using LlmSim.Planning.Comparing;

namespace LlmSim.Reporting.Comparing;

/// <summary>A comparison on the screen, in 80 columns: what differs, a table for each configuration but the first, and what causes it.</summary>
internal static class ComparisonReport
{
    private const string Good = "\e[32m";
    private const string Bad = "\e[31m";
    private const string Plain = "\e[0m";

    /// <summary>Writes the screen.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="comparison">What was compared.</param>
    /// <param name="hasColours">Whether real differences are green and red.</param>
    public static void Write(TextWriter output, ScenarioComparison comparison, bool hasColours)
    {
        var lines = new List<string>();
        AddHead(lines, comparison);
        for (int other = 1; other < comparison.Runs.Count; other++)
        {
            lines.Add("");
            AddTable(lines, comparison, other, hasColours);
            AddCauses(lines, comparison, other);
        }

        lines.Add("");
        foreach (string warning in ComparisonWords.Warnings(comparison))
        {
            TextLines.AddWrapped(lines, "Warning    ", warning);
        }

        TextLines.AddWrapped(lines, "Verdicts   ", "a difference is real where the 95% interval of the change leaves out 0; none: it does not");
        TextLines.Write(output, lines);
    }

    private static void AddHead(List<string> lines, ScenarioComparison comparison)
    {
        foreach (ContenderRuns run in comparison.Runs)
        {
            TextLines.AddWrapped(lines, $"{run.Contender.Letter,-11}", ComparisonWords.Of(run.Contender));
        }

        string label = "Differ in  ";
        foreach (KeyDifference key in comparison.Keys)
        {
            TextLines.AddWrapped(lines, label, ComparisonWords.Of(key, comparison.Runs));
            label = new string(' ', label.Length);
        }

        if (comparison.Keys.Count == 0)
        {
            lines.Add($"{label}nothing: they are the same scenario");
        }

        TextLines.AddWrapped(lines, "Requests   ", ComparisonWords.Requests(comparison));
    }

    private static void AddTable(List<string> lines, ScenarioComparison comparison, int other, bool hasColours)
    {
        lines.Add($"{"",-26}{comparison.Runs[0].Contender.Letter,10}{comparison.Runs[other].Contender.Letter,10}{"change",9}{"95% interval",17} verdict");
        foreach ((ComparedFigure figure, Difference difference) in comparison.Differences(other))
        {
            (string before, string after) = (ComparisonWords.Number(difference.Before * figure.Scale), ComparisonWords.Number(difference.After * figure.Scale));
            string change = $"{ComparisonWords.Percent(difference.Change),9}{ComparisonWords.Interval(difference),17} {ComparisonWords.Of(difference.Verdict)}";
            string colour = !hasColours ? "" : difference.Verdict switch { Verdict.Better => Good, Verdict.Worse => Bad, _ => "" };
            lines.Add($"{figure.Label,-26}{before,10}{after,10}{colour}{change}{(colour.Length > 0 ? Plain : "")}");
        }

        if (ComparisonWords.Parts(comparison.With(other)) is { } parts)
        {
            TextLines.AddWrapped(lines, "Of these   ", parts);
        }
    }

    private static void AddCauses(List<string> lines, ScenarioComparison comparison, int other)
    {
        string label = "Because    ";
        foreach (string cause in ComparisonWords.Causes(comparison, other))
        {
            TextLines.AddWrapped(lines, label, cause);
            label = new string(' ', label.Length);
        }
    }
}
