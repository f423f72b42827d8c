using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>What can be wrong with a trace, in words: file and line, column, value, what is allowed, what to do.</summary>
internal static class TraceProblems
{
    private const int LongestValue = 80;

    /// <summary>The file holds no line at all.</summary>
    public static ConfigProblem Empty(string path) => new(
        path, "an empty file", $"a header line and one line per request: {KnownHeaders()}",
        "Check that this is the file you meant and that it was copied whole.");

    /// <summary>The file holds a header and nothing else.</summary>
    public static ConfigProblem NoRequests(string path, TraceFormat format) => new(
        path, "a header without requests", $"at least one line of {string.Join(',', format.Columns)}",
        "Check that this is the file you meant and that it was copied whole.");

    /// <summary>The header shares no column with any format.</summary>
    public static ConfigProblem UnknownHeader(string path, long line, string[] header) => new(
        $"{path}:{line} header", Quote(string.Join(',', header)), KnownHeaders(),
        "Rename the columns, or add a header line if the file has none; other columns may stay.");

    /// <summary>The header is nearly that of a format.</summary>
    public static ConfigProblem MissingColumn(string path, long line, string[] header, string name, TraceFormat format) => new(
        $"{path}:{line} header", $"{Quote(string.Join(',', header))} without {name}",
        $"{format.Name}: {string.Join(',', format.Columns)}, in any order, beside other columns",
        $"Add the column {name} or rename the one that holds it.");

    /// <summary>A column is there without the one that it needs.</summary>
    public static ConfigProblem LoneColumn(string path, long line, string[] header, string name, string allowed) => new(
        $"{path}:{line} header", $"{Quote(string.Join(',', header))} without {name}", allowed, $"Add the column {name}, or rename the other.");

    /// <summary>A row has too few or too many fields.</summary>
    public static ConfigProblem FieldCount(string path, long line, int count, int expected, ReadOnlySpan<char> row) => new(
        $"{path}:{line}", $"{Quote(row)} with {count} field{(count == 1 ? "" : "s")}",
        $"{expected} fields, as in the header", "Complete or remove the line.");

    /// <summary>A field cannot be read, or its value is out of range.</summary>
    public static ConfigProblem Value(string path, long line, string column, ReadOnlySpan<char> text, string allowed) => new(
        $"{path}:{line} {column}", Quote(text), allowed, "Correct or remove the line.");

    /// <summary>A time is before that of an earlier line.</summary>
    public static ConfigProblem Unsorted(
        string path, long line, string column, ReadOnlySpan<char> text, string latest, long latestLine) => new(
        $"{path}:{line} {column}", Quote(text), $"not before line {latestLine}, which is at {latest}", $"Sort the lines by {column}.");

    /// <summary>A line is not a JSON object.</summary>
    public static ConfigProblem NotJson(string path, long line, ReadOnlySpan<char> text, Exception error) => new(
        $"{path}:{line}", $"{Quote(text)} ({error.Message.Split(". LineNumber")[0].TrimEnd('.')})",
        "a JSON object with timestamp, input_length and output_length", "Correct or remove the line.");

    /// <summary>A file of conversations is given as a trace.</summary>
    public static ConfigProblem NoTimes(string path) => new(
        "workload.trace", $"{path} (a JSON list, which has no times)", $"a trace with times: {KnownHeaders()}, or Mooncake's JSON lines",
        "Give it as workload.dataset (--dataset-path): lengths come from it, arrivals from request_rate.");

    /// <summary>Classes are asked for and the trace has none.</summary>
    public static ConfigProblem NoClasses(string path) => new(
        path, "no column of classes", $"a column {TraceColumns.ClassColumn}, when classes are described or filtered by",
        "Add the column, or remove workload.classes and workload.trace_class.");

    /// <summary>The file cannot be read on from here.</summary>
    public static ConfigProblem BrokenData(string path, long line, Exception error) => new(
        $"{path}:{line + 1}", $"unreadable data at or after this line ({error.Message.TrimEnd('.')})",
        "a whole file, plain or gzip", "Copy or compress the file again.");

    /// <summary>Adds to problems of the last line, from <paramref name="first"/> on, what most often causes them.</summary>
    public static void HintAtTornLine(List<ConfigProblem> problems, int first)
    {
        for (int i = first; i < problems.Count; i++)
        {
            problems[i] = problems[i] with
            {
                Fix = "It is the last line: if the file was cut off, copy it again, else correct or remove the line.",
            };
        }
    }

    private static string KnownHeaders() =>
        string.Join(" or ", TraceFormat.Known.Select(f => $"{string.Join(',', f.Columns)} ({f.Name})"));

    private static string Quote(ReadOnlySpan<char> text) =>
        text.Length > LongestValue ? $"'{text[..LongestValue]}…'" : $"'{text}'";
}
