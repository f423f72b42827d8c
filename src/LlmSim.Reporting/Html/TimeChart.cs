namespace LlmSim.Reporting.Html;

/// <summary>Levels over the time of a run.</summary>
internal static class TimeChart
{
    /// <summary>A level.</summary>
    /// <param name="Name">As the key calls it.</param>
    /// <param name="Color">Its colour.</param>
    /// <param name="Values">Its value at each moment; null where it is not known.</param>
    public sealed record Level(string Name, string Color, IReadOnlyList<double?> Values)
    {
        /// <summary>Whether it is drawn broad, for the others to be drawn over.</summary>
        public bool IsBroad { get; init; }
    }

    /// <summary>Draws levels over each other.</summary>
    /// <param name="title">What they are of.</param>
    /// <param name="unit">Their unit.</param>
    /// <param name="seconds">The moments, in order. At least one.</param>
    /// <param name="levels">The levels. At least one.</param>
    /// <param name="kind">Lines or dots.</param>
    public static Chart Of(string title, string unit, IReadOnlyList<double> seconds, IReadOnlyList<Level> levels, ChartKind kind = ChartKind.Line)
    {
        string figures = string.Join(". ", levels.Select(level => level.Values.OfType<double>().ToArray() is { Length: > 0 } known
            ? $"{level.Name}: on average {HtmlNumber.Short(known.Sum() / known.Length)} {unit}, at most {HtmlNumber.Short(known.Max())} {unit}"
            : $"{level.Name}: not known"));
        return new Chart
        {
            Title = title,
            Description = $"{figures}.",
            X = new ChartAxis("time, s", "s") { Least = 0, Most = seconds[^1] > 0 ? seconds[^1] : null },
            Y = new ChartAxis(unit, unit) { Least = 0 },
            Series = [.. levels.Select((level, i) => new ChartSeries(level.Name, kind, 0, i + 1, level.Color)
            {
                IsBroad = level.IsBroad,
                IsFilled = kind == ChartKind.Line && levels.Count == 1,
            })],
            Data = new HtmlTable(["time, s", .. levels.Select(level => $"{level.Name}, {unit}")],
                [.. seconds.Select((at, row) => (IReadOnlyList<HtmlCell>)
                    [HtmlCell.Number(at), .. levels.Select(level => HtmlCell.Number(level.Values[row]))])]),
        };
    }
}
