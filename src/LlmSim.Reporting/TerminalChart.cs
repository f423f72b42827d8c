using System.Globalization;

namespace LlmSim.Reporting;

/// <summary>A small line chart in characters, without colours: points joined by straight lines, in cells of two by four dots (braille).</summary>
/// <param name="Title">What stands above the vertical axis.</param>
/// <param name="Along">What stands behind the horizontal axis.</param>
internal sealed record TerminalChart(string Title, string Along)
{
    /// <summary>Fewest columns for a chart to be worth looking at.</summary>
    public const int LeastColumns = 40;

    private const int MostColumns = 80;
    private const int Rows = 8;
    private const int LabelColumns = 9;
    private const int DotsAcross = 2;
    private const int DotsDown = 4;
    private const char Blank = '\u2800';

    // Bits of a braille cell, by column and row of the dot.
    private static readonly int[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>The points, in order along. Not below 0; above 0 where the scale is logarithmic.</summary>
    public required IReadOnlyList<(double X, double Y)> Points { get; init; }

    /// <summary>A height drawn as a line of its own; null for none.</summary>
    public double? Bound { get; init; }

    /// <summary>Whether heights are logarithmic.</summary>
    public bool IsLog { get; init; }

    /// <summary>The chart's lines; none when there is no room, or nothing to draw.</summary>
    /// <param name="columns">Columns there are.</param>
    public IReadOnlyList<string> Lines(int columns)
    {
        int width = Math.Min(columns, MostColumns) - LabelColumns - 1;
        if (columns < LeastColumns || Points.Count < 2 || Points[^1].X <= Points[0].X)
        {
            return [];
        }

        double most = Math.Max(Points.Max(point => point.Y), Bound ?? 0);
        double least = IsLog ? Math.Min(Points.Min(point => point.Y), Bound ?? double.MaxValue) : 0;
        if (!(most > least) || (IsLog && least <= 0))
        {
            return [];
        }

        var cells = new int[Rows, width];
        for (int i = 1; i < Points.Count; i++)
        {
            Join(cells, At(Points[i - 1]), At(Points[i]));
        }

        int? bound = Bound is { } height ? Row(Height(height)) : null;
        var lines = new List<string> { Title };
        for (int row = 0; row < Rows; row++)
        {
            string label = row == 0 ? Number(most) : row == Rows - 1 ? Number(least) : row == bound ? Number(Bound!.Value) : "";
            var text = new char[width];
            for (int x = 0; x < width; x++)
            {
                text[x] = cells[row, x] != 0 ? (char)(Blank + cells[row, x]) : row == bound ? '╌' : ' ';
            }

            lines.Add($"{label,LabelColumns} {new string(text)}".TrimEnd());
        }

        (string first, string last) = (Number(Points[0].X), $"{Number(Points[^1].X)} {Along}");
        lines.Add($"{new string(' ', LabelColumns + 1)}{first}{last.PadLeft(Math.Max(1, width - first.Length))}");
        return lines;

        (int X, int Y) At((double X, double Y) point) => (
            (int)Math.Round((point.X - Points[0].X) / (Points[^1].X - Points[0].X) * ((width * DotsAcross) - 1)), Height(point.Y));

        int Height(double y) => (int)Math.Round(((Rows * DotsDown) - 1) * (1 - (IsLog ? Math.Log(y / least) / Math.Log(most / least) : y / most)));
    }

    private static int Row(int dot) => dot / DotsDown;

    private static void Join(int[,] cells, (int X, int Y) from, (int X, int Y) to)
    {
        int steps = Math.Max(1, Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)));
        for (int i = 0; i <= steps; i++)
        {
            int x = from.X + (int)Math.Round((to.X - from.X) * (double)i / steps);
            int y = from.Y + (int)Math.Round((to.Y - from.Y) * (double)i / steps);
            cells[y / DotsDown, x / DotsAcross] |= Dots[x % DotsAcross, y % DotsDown];
        }
    }

    private static string Number(double value) => value switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0.#}M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0.#}k"),
        >= 99.95 => string.Create(CultureInfo.InvariantCulture, $"{value:0}"),
        >= 9.995 => string.Create(CultureInfo.InvariantCulture, $"{value:0.#}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}"),
    };
}
