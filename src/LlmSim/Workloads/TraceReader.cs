using System.Globalization;
using LlmSim.Simulation;
using LlmSim.Specs;
using nietras.SeparatedValues;

namespace LlmSim.Workloads;

/// <summary>Reads a trace row by row, however long it is, and says what is wrong with each row.</summary>
internal sealed class TraceReader : IDisposable
{
    private readonly string _path;
    private readonly SepReader _rows;
    private readonly TraceColumns _columns;
    private long _line;
    private bool _peeked;
    private bool _ended;

    private bool _anyRow;
    private bool _anyArrival;
    private long _originNs;
    private long _latestNs;
    private long _latestLine;

    /// <summary>Opens a trace and reads its header.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or its header is that of no known format.</exception>
    public TraceReader(string path)
    {
        _path = path;
        TextReader text = TraceFile.Open(path);
        try
        {
            // The first read happens in here. Rows of a wrong length are ours to report.
            _rows = Sep.New(',').Reader(o => o with { HasHeader = false, DisableColCountCheck = true, Unescape = true })
                .From(text);
            var problems = new List<ConfigProblem>();
            _columns = Advance(problems)
                ? TraceColumns.Find(path, _line, Fields(_rows.Current))
                : throw new ConfigException(problems is [var problem, ..] ? problem : TraceProblems.Empty(path));
        }
        catch (Exception e)
        {
            _rows?.Dispose();
            text.Dispose();
            if (IsBrokenData(e))
            {
                throw new ConfigException(TraceProblems.BrokenData(path, 0, e));
            }

            throw;
        }
    }

    /// <summary>The format of the file.</summary>
    public TraceFormat Format => _columns.Format;

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
            if (!_anyRow && problems.Count == before)
            {
                problems.Add(TraceProblems.NoRequests(_path, Format));
            }

            return false;
        }

        _anyRow = true;
        SepReader.Row row = _rows.Current;
        if (row.ColCount == _columns.Count)
        {
            request = Parse(row, problems);
        }
        else
        {
            problems.Add(TraceProblems.FieldCount(_path, _line, row.ColCount, _columns.Count, row.Span));
        }

        int after = problems.Count;
        if (after > before && IsLastRow(problems) && problems.Count == after)
        {
            TraceProblems.HintAtTornLine(problems, before);
        }

        return true;
    }

    /// <summary>Releases the file.</summary>
    public void Dispose() => _rows.Dispose();

    private ArrivingRequest Parse(SepReader.Row row, List<ConfigProblem> problems)
    {
        ReadOnlySpan<char> arrival = row[_columns.Arrival].Span.Trim();
        if (!Format.TryParseArrival(arrival, out long ns))
        {
            problems.Add(TraceProblems.Value(_path, _line, Format.ArrivalColumn, arrival, Format.AllowedArrival));
        }
        else if (_anyArrival && ns < _latestNs)
        {
            problems.Add(TraceProblems.Unsorted(_path, _line, Format, arrival, Format.Show(_latestNs), _latestLine));
        }
        else
        {
            _originNs = _anyArrival || !Format.CountsFromFirstRow ? _originNs : ns;
            _anyArrival = true;
            (_latestNs, _latestLine) = (ns, _line);
        }

        int input = ParseTokens(row[_columns.Input].Span.Trim(), Format.InputColumn, problems);
        int output = ParseTokens(row[_columns.Output].Span.Trim(), Format.OutputColumn, problems);
        return new ArrivingRequest(new SimTime(ns - _originNs), input, output);
    }

    private int ParseTokens(ReadOnlySpan<char> text, string column, List<ConfigProblem> problems)
    {
        // The limit lets the sum of prompt and output fit an int.
        const int most = 1_000_000_000;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int tokens) || tokens is < 1 or > most)
        {
            problems.Add(TraceProblems.Value(_path, _line, column, text, $"a whole number of tokens from 1 to {most}"));
        }

        return tokens;
    }

    /// <summary>Goes to the next row that is not blank.</summary>
    private bool Advance(List<ConfigProblem> problems)
    {
        if (_peeked)
        {
            _peeked = false;
            return !_ended;
        }

        try
        {
            while (!_ended && _rows.MoveNext())
            {
                SepReader.Row row = _rows.Current;
                _line = row.LineNumberToExcl - 1; // of the first row, LineNumberFrom is one too many
                if (row.ColCount > 1 || !row.Span.IsWhiteSpace())
                {
                    return true;
                }
            }
        }
        catch (Exception e) when (IsBrokenData(e))
        {
            problems.Add(TraceProblems.BrokenData(_path, _line, e));
        }

        _ended = true;
        return false;
    }

    /// <summary>Looks ahead, which ends the use of the current row.</summary>
    private bool IsLastRow(List<ConfigProblem> problems)
    {
        bool more = Advance(problems);
        _peeked = true;
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
