namespace LlmSim.Samples;

/// <summary>Rows of text in columns as wide as their widest cell, all but the first aligned to the right.</summary>
/// <param name="columns">Column headings.</param>
public sealed class TextTable(params string[] columns)
{
    private readonly List<string[]> _rows = [columns];

    /// <summary>Adds a row with a cell for each column.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Prints the table.</summary>
    public void Write(TextWriter output)
    {
        int[] widths = [.. columns.Select((_, column) => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
