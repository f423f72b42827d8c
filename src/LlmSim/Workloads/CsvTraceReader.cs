using System.Globalization;
using LlmSim.Simulation;
using LlmSim.Specs;
using nietras.SeparatedValues;

namespace LlmSim.Workloads;

/// <summary>Reads a trace in CSV.</summary>
internal sealed class CsvTraceReader : TraceReader
{
    private readonly string _path;
    private readonly ClassBook _classes;
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

    /// <summary>Reads the header of a trace. The text is taken over.</summary>
    /// <param name="path">Name of the file, for messages.</param>
    /// <param name="text">The file.</param>
    /// <param name="classes">Where class names are looked up.</param>
    /// <param name="formats">The formats it may have; null for those known.</param>
    /// <exception cref="ConfigException">The header is that of no known format.</exception>
    public CsvTraceReader(string path, TextReader text, ClassBook classes, TraceFormat[]? formats = null)
    {
        _path = path;
        _classes = classes;

        // The first read happens in here. Rows of a wrong length are ours to report.
        _rows = Sep.New(',').Reader(o => o with { HasHeader = false, DisableColCountCheck = true, Unescape = true }).From(text);
        var problems = new List<ConfigProblem>();
        try
        {
            _columns = Advance(problems)
                ? TraceColumns.Find(path, _line, Fields(_rows.Current), formats ?? TraceFormat.Known)
                : throw new ConfigException(problems is [var problem, ..] ? problem : TraceProblems.Empty(path));
            if (_columns.Class < 0 && classes.IsRequired)
            {
                throw new ConfigException(TraceProblems.NoClasses(path));
            }
        }
        catch
        {
            _rows.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public override string FormatName => Format.Name;

    private TraceFormat Format => _columns.Format;

    /// <inheritdoc />
    public override bool TryRead(out ArrivingRequest request, List<ConfigProblem> problems)
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

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rows.Dispose();
        }

        base.Dispose(disposing);
    }

    private ArrivingRequest Parse(SepReader.Row row, List<ConfigProblem> problems)
    {
        ReadOnlySpan<char> arrival = row[_columns.Arrival].Span.Trim();
        if (!Format.TryParseArrival(arrival, out long ns))
        {
            problems.Add(TraceProblems.Value(_path, _line, Format.ArrivalColumn, arrival, Format.AllowedArrival));
        }
        else if (_anyArrival && ns < _latestNs)
        {
            problems.Add(TraceProblems.Unsorted(_path, _line, Format.ArrivalColumn, arrival, Format.Show(_latestNs), _latestLine));
        }
        else
        {
            _originNs = _anyArrival || !Format.CountsFromFirstRow ? _originNs : ns;
            _anyArrival = true;
            (_latestNs, _latestLine) = (ns, _line);
        }

        int input = ParseTokens(row[_columns.Input].Span.Trim(), Format.InputColumn, problems);
        int output = ParseTokens(row[_columns.Output].Span.Trim(), Format.OutputColumn, problems);
        byte index = _columns.Class < 0 ? (byte)0 : ParseClass(row[_columns.Class].Span.Trim(), problems);
        var request = new ArrivingRequest(new SimTime(ns - _originNs), input, output, index);
        return _columns.Content is { } content ? request with { Content = ParseContent(row, content, input, problems) } : request;
    }

    private PromptContent? ParseContent(SepReader.Row row, ContentColumns columns, int inputTokens, List<ConfigProblem> problems)
    {
        ReadOnlySpan<char> prompt = columns.Prompt < 0 ? default : row[columns.Prompt].Span.Trim();
        ReadOnlySpan<char> prefix = columns.Prefix < 0 ? default : row[columns.Prefix].Span.Trim();
        ReadOnlySpan<char> tokens = columns.Prefix < 0 ? default : row[columns.PrefixTokens].Span.Trim();
        return ContentColumns.Parse(_path, _line, inputTokens, prompt, prefix, tokens, problems);
    }

    private int ParseTokens(ReadOnlySpan<char> text, string column, List<ConfigProblem> problems)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int tokens) || tokens is < 1 or > MostTokens)
        {
            problems.Add(TraceProblems.Value(_path, _line, column, text, AllowedTokens));
        }

        return tokens;
    }

    private byte ParseClass(ReadOnlySpan<char> name, List<ConfigProblem> problems)
    {
        if (!_classes.TryFind(name, out byte index))
        {
            problems.Add(TraceProblems.Value(_path, _line, TraceColumns.ClassColumn, name, _classes.Allowed));
        }

        return index;
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
