namespace LlmSim.Reporting;

/// <summary>Lines of text of at most 80 columns.</summary>
internal static class TextLines
{
    private const int Columns = 80;

    /// <summary>Prints lines, without blanks at their ends.</summary>
    public static void Write(TextWriter output, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            output.Write(line.TrimEnd());
            output.Write('\n');
        }
    }

    /// <summary>Adds text behind a label, broken between words; what follows the first line is indented by the label's width.</summary>
    public static void AddWrapped(List<string> lines, string label, string text)
    {
        string line = label;
        bool empty = true;
        foreach (string word in text.Split(' '))
        {
            if (!empty && line.Length + 1 + word.Length > Columns)
            {
                lines.Add(line);
                line = new string(' ', label.Length);
                empty = true;
            }

            line += empty ? word : $" {word}";
            empty = false;
        }

        lines.Add(line);
    }
}
