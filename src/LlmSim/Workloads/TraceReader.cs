using System.Globalization;
using LlmSim.Simulation;
using LlmSim.Specs;
using nietras.SeparatedValues;

namespace LlmSim.Workloads;

/// <summary>Reads a trace row by row, however long it is, and says what is wrong with each row.</summary>
internal sealed class TraceReader : IDisposable
{
    private readonly string path;
    private readonly SepReader rows;
    private readonly TraceColumns columns;
    private long line;
    private bool peeked;
    private bool ended;

    private bool anyRow;
    private bool anyArrival;
    private long originNs;
    private long latestNs;
    private long latestLine;

    /// <summary>Opens a trace and reads its header.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or its header is that of no known format.</exception>
    public TraceReader(string path)
    {
        this.path = path;
        TextReader text = TraceFile.Open(path);
        try
        {
            // The first read happens in here. Rows of a wrong length are ours to report.
            rows = Sep.New(',').Reader(o => o with { HasHeader = false, DisableColCountCheck = true, Unescape = true })
                .From(text);
            var problems = new List<ConfigProblem>();
            columns = Advance(problems)
                ? TraceColumns.Find(path, line, Fields(rows.Current))
                : throw new ConfigException(problems is [var problem, ..] ? problem : TraceProblems.Empty(path));
        }
        catch (Exception e)
        {
            rows?.Dispose();
            text.Dispose();
            if (IsBrokenData(e))
            {
                throw new ConfigException(TraceProblems.BrokenData(path, 0, e));
            }

            throw;
        }
    }

    /// <summary>The format of the file.</summary>
    public TraceFormat Format => columns.Format;

    /// <summary>
    /// Reads the next row. False at the end of the file. What is wrong with the row, or with the file where it ends early, is
    /// added to <paramref name="problems"/>; the request then means nothing.
    /// </summary>
    public bool TryRead(out ArrivingRequest request, List<ConfigProblem> problems)
    {
        request = default;
        int before = problems.Count;
        if (!Advance(problems))
        {
            if (!anyRow && problems.Count == before)
            {
                problems.Add(TraceProblems.NoRequests(path, Format));
            }

            return false;
        }

        anyRow = true;
        SepReader.Row row = rows.Current;
        if (row.ColCount == columns.Count)
        {
            request = Parse(row, problems);
        }
        else
        {
            problems.Add(TraceProblems.FieldCount(path, line, row.ColCount, columns.Count, row.Span));
        }

        int after = problems.Count;
        if (after > before && IsLastRow(problems) && problems.Count == after)
        {
            TraceProblems.HintAtTornLine(problems, before);
        }

        return true;
    }

    /// <summary>Releases the file.</summary>
    public void Dispose() => rows.Dispose();

    private ArrivingRequest Parse(SepReader.Row row, List<ConfigProblem> problems)
    {
        ReadOnlySpan<char> arrival = row[columns.Arrival].Span.Trim();
        if (!Format.TryParseArrival(arrival, out long ns))
        {
            problems.Add(TraceProblems.Value(path, line, Format.ArrivalColumn, arrival, Format.AllowedArrival));
        }
        else if (anyArrival && ns < latestNs)
        {
            problems.Add(TraceProblems.Unsorted(path, line, Format, arrival, Format.Show(latestNs), latestLine));
        }
        else
        {
            originNs = anyArrival || !Format.CountsFromFirstRow ? originNs : ns;
            anyArrival = true;
            (latestNs, latestLine) = (ns, line);
        }

        int input = ParseTokens(row[columns.Input].Span.Trim(), Format.InputColumn, problems);
        int output = ParseTokens(row[columns.Output].Span.Trim(), Format.OutputColumn, problems);
        return new ArrivingRequest(new SimTime(ns - originNs), input, output);
    }

    private int ParseTokens(ReadOnlySpan<char> text, string column, List<ConfigProblem> problems)
    {
        // The limit lets the sum of prompt and output fit an int.
        const int most = 1_000_000_000;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int tokens) || tokens is < 1 or > most)
        {
            problems.Add(TraceProblems.Value(path, line, column, text, $"a whole number of tokens from 1 to {most}"));
        }

        return tokens;
    }

    /// <summary>Goes to the next row that is not blank.</summary>
    private bool Advance(List<ConfigProblem> problems)
    {
        if (peeked)
        {
            peeked = false;
            return !ended;
        }

        try
        {
            while (!ended && rows.MoveNext())
            {
                SepReader.Row row = rows.Current;
                line = row.LineNumberToExcl - 1; // of the first row, LineNumberFrom is one too many
                if (row.ColCount > 1 || !row.Span.IsWhiteSpace())
                {
                    return true;
                }
            }
        }
        catch (Exception e) when (IsBrokenData(e))
        {
            problems.Add(TraceProblems.BrokenData(path, line, e));
        }

        ended = true;
        return false;
    }

    /// <summary>Looks ahead, which ends the use of the current row.</summary>
    private bool IsLastRow(List<ConfigProblem> problems)
    {
        bool more = Advance(problems);
        peeked = true;
        return !more;
    }

    private static bool IsBrokenData(Exception e) => e is IOException or InvalidDataException or NotSupportedException;

    private static string[] Fields(SepReader.Row row)
    {
        var fields = new string[row.ColCount];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = row[i].ToString().Trim();
        }

        return fields;
    }
}
