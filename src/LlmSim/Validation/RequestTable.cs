using System.Globalization;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;
using nietras.SeparatedValues;

namespace LlmSim.Validation;

/// <summary>Reads <c>requests.csv</c> of a run folder.</summary>
internal sealed class RequestTable
{
    private const string AllowedTime = "a number of seconds, at least 0";
    private const decimal MostSeconds = 9_000_000_000m;

    private static readonly string[] Required = ["arrival_s", "input_tokens", "ttft_s", "e2e_s"];

    private readonly string _path;
    private readonly int? _generated;
    private readonly List<ConfigProblem> _problems;
    private readonly Dictionary<string, int> _columns = [];
    private readonly Dictionary<string, int> _prompts = new(StringComparer.Ordinal);
    private long _line;
    private decimal _origin;

    private RequestTable(string path, int? generated, List<ConfigProblem> problems)
    {
        _path = path;
        _generated = generated;
        _problems = problems;
    }

    /// <summary>The requests.</summary>
    /// <param name="path">The file.</param>
    /// <param name="generated">Tokens that the server generated for each; null for what the file says.</param>
    /// <param name="problems">What is wrong, by line; the first of it.</param>
    /// <param name="origin">The first arrival as the file has it, in seconds.</param>
    public static List<MeasuredRequest> Read(string path, int? generated, List<ConfigProblem> problems, out decimal origin)
    {
        var table = new RequestTable(path, generated, problems);
        origin = 0;
        try
        {
            using TextReader text = TraceFile.Open(path, path);
            List<MeasuredRequest> requests = table.Read(text);
            origin = table._origin;
            return requests;
        }
        catch (ConfigException e)
        {
            problems.AddRange(e.Problems);
        }
        catch (Exception e) when (TraceReader.IsBrokenData(e))
        {
            problems.Add(TraceProblems.BrokenData(path, table._line, e));
        }

        return [];
    }

    private List<MeasuredRequest> Read(TextReader text)
    {
        int before = _problems.Count;
        var requests = new List<MeasuredRequest>();
        decimal latest = 0;
        using SepReader reader = Sep.New(',').Reader(o => o with { HasHeader = false, DisableColCountCheck = true, Unescape = true }).From(text);
        foreach (SepReader.Row row in reader)
        {
            _line = row.LineNumberToExcl - 1;
            if (_columns.Count == 0)
            {
                ReadHeader(row);
            }
            else if (row.ColCount != _columns.Count && !(row.ColCount == 1 && row.Span.IsWhiteSpace()))
            {
                _problems.Add(TraceProblems.FieldCount(_path, _line, row.ColCount, _columns.Count, row.Span));
            }
            else if (row.ColCount > 1)
            {
                decimal arrival = Seconds(row, "arrival_s") ?? latest;
                _origin = requests.Count == 0 ? arrival : _origin;
                CheckOrder(row, arrival, requests.Count == 0 ? arrival : latest);
                latest = Math.Max(arrival, latest);
                requests.Add(ReadRow(row, ToTime(latest - _origin)));
            }

            if (_problems.Count - before >= TraceSummary.MostProblems)
            {
                break;
            }
        }

        if (requests.Count == 0 && _problems.Count == before)
        {
            _problems.Add(new ConfigProblem(_path, "no requests", "a header and a line for each request", "Check that the file was copied whole."));
        }

        return requests;
    }

    private void ReadHeader(SepReader.Row row)
    {
        for (int i = 0; i < row.ColCount; i++)
        {
            _columns[row[i].ToString().Trim()] = i;
        }

        string[] missing = [.. (_generated is null ? Required.Append("output_tokens") : Required).Where(name => !_columns.ContainsKey(name))];
        if (missing.Length > 0)
        {
            throw new ConfigException(new ConfigProblem($"{_path}:{_line} header", row.Span.ToString(), $"columns {string.Join(", ", missing)} as well",
                "Add or rename the columns; others may stay."));
        }
    }

    private MeasuredRequest ReadRow(SepReader.Row row, SimTime arrival)
    {
        string error = Text(row, "error");
        bool failed = error is not ("" or "0" or "0.0" or "false" or "False");
        int input = Tokens(row, "input_tokens");
        int output = _generated ?? Tokens(row, "output_tokens");
        var request = new MeasuredRequest(arrival, input, output, Prompt(row), null);
        if (failed)
        {
            return request with { FailedAfter = Text(row, "e2e_s").Length > 0 && Seconds(row, "e2e_s") is { } after ? ToTime(after) : null };
        }

        (decimal? first, decimal? last) = (Seconds(row, "ttft_s"), Seconds(row, "e2e_s"));
        if (first > last)
        {
            _problems.Add(TraceProblems.Value(_path, _line, "ttft_s", Text(row, "ttft_s"), $"at most e2e_s, which is {Text(row, "e2e_s")}"));
        }

        decimal? scheduled = Text(row, "scheduled_s").Length > 0 ? Seconds(row, "scheduled_s") : null;
        if (scheduled > first)
        {
            _problems.Add(TraceProblems.Value(
                _path, _line, "scheduled_s", Text(row, "scheduled_s"), $"at most ttft_s, which is {Text(row, "ttft_s")}; both count from the arrival"));
        }

        return first is { } f && last is { } l
            ? request with { Times = new RequestTimes(ToTime(f), ToTime(l)) { Scheduled = scheduled is { } s ? ToTime(s) : null } } : request;
    }

    private void CheckOrder(SepReader.Row row, decimal arrival, decimal latest)
    {
        if (arrival < latest)
        {
            _problems.Add(new ConfigProblem($"{_path}:{_line} arrival_s", Text(row, "arrival_s"), "not before the line above", "Sort the lines by arrival_s."));
        }
    }

    private int Prompt(SepReader.Row row)
    {
        string name = Text(row, "prompt_id");
        if (name.Length == 0)
        {
            return -1;
        }

        if (!_prompts.TryGetValue(name, out int prompt))
        {
            _prompts.Add(name, prompt = _prompts.Count);
        }

        return prompt;
    }

    private int Tokens(SepReader.Row row, string column)
    {
        string text = Text(row, column);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int tokens) || tokens is < 1 or > TraceReader.MostTokens)
        {
            _problems.Add(TraceProblems.Value(_path, _line, column, text, TraceReader.AllowedTokens));
            return 1;
        }

        return tokens;
    }

    private decimal? Seconds(SepReader.Row row, string column)
    {
        string text = Text(row, column);
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds) && seconds is >= 0 and <= MostSeconds)
        {
            return seconds;
        }

        _problems.Add(TraceProblems.Value(_path, _line, column, text, AllowedTime));
        return null;
    }

    private string Text(SepReader.Row row, string column) => _columns.TryGetValue(column, out int place) ? row[place].ToString().Trim() : "";

    private static SimTime ToTime(decimal seconds) => new((long)Math.Round(seconds * 1_000_000_000m));
}
