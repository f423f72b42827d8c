using Spectre.Console;

namespace LlmSim.Cli.Output;

/// <summary>Tables as plain text, without frames, colours or trailing blanks: the same on a terminal and in a file.</summary>
internal static class Screen
{
    // Wider than any table, so that nothing is cut.
    private const int Columns = 200;

    /// <summary>A table with these columns; those whose name starts with <c>&gt;</c> are aligned to the right.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (string name in columns)
        {
            bool isNumber = name.StartsWith('>');
            TableColumn column = new TableColumn(new Text(isNumber ? name[1..] : name)).NoWrap().Padding(0, 0, 2, 0);
            table.AddColumn(isNumber ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Add(this Table table, params string[] cells) => table.AddRow([.. cells.Select(cell => new Text(cell))]);

    /// <summary>A share with its sign, in percent.</summary>
    public static string Signed(double share) => share.ToString("+0.0%;-0.0%;0.0%", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Prints a table.</summary>
    public static void Write(TextWriter output, Table table)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = Columns;
        console.Write(table);
        foreach (string line in text.ToString().TrimEnd().Split('\n'))
        {
            output.WriteLine(line.TrimEnd());
        }
    }
}
