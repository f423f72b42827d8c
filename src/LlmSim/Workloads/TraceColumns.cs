using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Where a trace file keeps what a request is made of.</summary>
/// <param name="Format">The file's format.</param>
/// <param name="Count">Columns in the file.</param>
/// <param name="Arrival">Index of the column with the time of arrival.</param>
/// <param name="Input">Index of the column with the prompt length.</param>
/// <param name="Output">Index of the column with the output length.</param>
/// <param name="Class">Index of the column with the request's class; −1 when there is none.</param>
internal sealed record TraceColumns(TraceFormat Format, int Count, int Arrival, int Input, int Output, int Class)
{
    /// <summary>Name of the column with the request's class, which any format may have.</summary>
    public const string ClassColumn = "class";

    /// <summary>Columns that say what prompts share, which any format may have; null without.</summary>
    public ContentColumns? Content { get; init; }

    /// <summary>Tells the format by the header: the one that shares most column names, in any order and letter case.</summary>
    /// <exception cref="ConfigException">The header is that of no known format, or columns are missing.</exception>
    public static TraceColumns Find(string path, long line, string[] header, TraceFormat[] formats)
    {
        TraceFormat format = formats.MaxBy(f => f.Columns.Count(name => IndexOf(header, name) >= 0))!;
        string[] missing = [.. format.Columns.Where(name => IndexOf(header, name) < 0)];
        if (missing.Length == format.Columns.Length)
        {
            throw new ConfigException(TraceProblems.UnknownHeader(path, line, header));
        }

        return missing.Length == 0
            ? new TraceColumns(format, header.Length, IndexOf(header, format.ArrivalColumn),
                IndexOf(header, format.InputColumn), IndexOf(header, format.OutputColumn), IndexOf(header, ClassColumn))
            {
                Content = ContentColumns.Find(path, line, header, name => IndexOf(header, name)),
            }
            : throw new ConfigException([.. missing.Select(name => TraceProblems.MissingColumn(path, line, header, name, format))]);
    }

    private static int IndexOf(string[] header, string name) =>
        Array.FindIndex(header, field => field.Equals(name, StringComparison.OrdinalIgnoreCase));
}
