using System.Text;
using System.Text.Json;
using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>
/// Reads a Mooncake trace: one JSON object a line with <c>timestamp</c> in milliseconds since the start, <c>input_length</c> and
/// <c>output_length</c> in tokens, and perhaps <c>hash_ids</c>: equal ids stand for the same 512 tokens of a prompt with the same before
/// them, the last for what is left of it. Other keys are passed over.
/// </summary>
/// <remarks>Qin et al., "Mooncake", FAST 2025; https://github.com/kvcache-ai/Mooncake, <c>FAST25-release/traces</c>.</remarks>
internal sealed class MooncakeTraceReader(string path, TextReader text) : TraceReader
{
    /// <summary>Tokens of a prompt that an id stands for.</summary>
    public const int TokensPerId = 512;

    private const string Timestamp = "timestamp", InputLength = "input_length", OutputLength = "output_length", HashIds = "hash_ids";
    private const string AllowedIds = "a list of whole numbers from 0 on, one for each 512 tokens of the prompt";
    private const decimal NanosecondsPerMillisecond = 1e6m;
    private const int LongestShown = 80;
    private const long Unreadable = -1;

    private static readonly string AllowedTime = $"milliseconds since the start, from 0 to {ArrivalLimit.Latest.Nanoseconds / 1_000_000}";

    private readonly LineReader _lines = new(text);
    private readonly List<long> _ids = [];
    private byte[] _utf8 = new byte[1 << 16];
    private bool _peeked;
    private bool _ended;
    private long _latestNs;
    private long _latestLine;

    /// <inheritdoc />
    public override string FormatName => "Mooncake";

    /// <inheritdoc />
    public override bool TryRead(out ArrivingRequest request, List<ConfigProblem> problems)
    {
        request = default;
        if (!Advance(problems))
        {
            return false;
        }

        int before = problems.Count;
        request = Parse(problems);
        int after = problems.Count;
        if (after > before)
        {
            bool more = Advance(problems);
            _peeked = true;
            if (!more && problems.Count == after)
            {
                TraceProblems.HintAtTornLine(problems, before);
            }
        }

        return true;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            text.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Advance(List<ConfigProblem> problems)
    {
        if (_peeked)
        {
            _peeked = false;
            return !_ended;
        }

        try
        {
            _ended = _ended || !_lines.MoveNext();
        }
        catch (Exception e) when (IsBrokenData(e))
        {
            problems.Add(TraceProblems.BrokenData(path, _lines.Line, e));
            _ended = true;
        }

        return !_ended;
    }

    private ArrivingRequest Parse(List<ConfigProblem> problems)
    {
        ReadOnlySpan<char> line = _lines.Current;
        if (_utf8.Length < Encoding.UTF8.GetMaxByteCount(line.Length))
        {
            _utf8 = new byte[Encoding.UTF8.GetMaxByteCount(line.Length)];
        }

        var json = new Utf8JsonReader(_utf8.AsSpan(0, Encoding.UTF8.GetBytes(line, _utf8)));
        (long? ns, int? input, int? output) = (null, null, null);
        _ids.Clear();
        int before = problems.Count;
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("no object");
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals(Timestamp))
                {
                    ns = ReadTime(ref json, problems);
                }
                else if (json.ValueTextEquals(InputLength))
                {
                    input = ReadTokens(ref json, InputLength, problems);
                }
                else if (json.ValueTextEquals(OutputLength))
                {
                    output = ReadTokens(ref json, OutputLength, problems);
                }
                else if (json.ValueTextEquals(HashIds))
                {
                    ReadIds(ref json, problems);
                }
                else
                {
                    json.Skip();
                }
            }

            json.Read();
        }
        catch (JsonException e)
        {
            problems.RemoveRange(before, problems.Count - before);
            problems.Add(TraceProblems.NotJson(path, _lines.Line, line, e));
            return default;
        }

        Require(ns is not null, Timestamp, AllowedTime, problems);
        Require(input is not null, InputLength, AllowedTokens, problems);
        Require(output is not null, OutputLength, AllowedTokens, problems);
        if (ns is not (null or Unreadable))
        {
            CheckOrder(ns.Value, problems);
        }

        return new ArrivingRequest(new SimTime(Math.Max(ns ?? 0, 0)), input ?? 0, output ?? 0)
        {
            Content = _ids.Count == 0 || problems.Count > before ? null : DescribeContent(input ?? 0, problems),
        };
    }

    private void ReadIds(ref Utf8JsonReader json, List<ConfigProblem> problems)
    {
        json.Read();
        bool isList = json.TokenType == JsonTokenType.StartArray;
        while (isList && json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long id) && id is >= 0 and < long.MaxValue)
            {
                _ids.Add(id);
                continue;
            }

            problems.Add(TraceProblems.Value(path, _lines.Line, HashIds, Show(ref json), AllowedIds));
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                json.Skip();
            }

            return;
        }

        if (!isList)
        {
            problems.Add(TraceProblems.Value(path, _lines.Line, HashIds, Show(ref json), AllowedIds));
        }
    }

    private PromptContent? DescribeContent(int inputTokens, List<ConfigProblem> problems)
    {
        int most = (inputTokens - 1) / TokensPerId + 1;
        if (_ids.Count > most)
        {
            problems.Add(TraceProblems.Value(
                path, _lines.Line, HashIds, $"{_ids.Count} ids", $"at most {most}, one for each {TokensPerId} of {inputTokens} tokens"));
            return null;
        }

        // No segment is 0.
        var runs = new ContentRun[_ids.Count];
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = new ContentRun(_ids[i] + 1, Math.Min(inputTokens - i * TokensPerId, TokensPerId));
        }

        return new PromptContent(runs, runs.Length, Math.Min(runs.Length * TokensPerId, inputTokens), answerSegment: 0);
    }

    private long? ReadTime(ref Utf8JsonReader json, List<ConfigProblem> problems)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetDecimal(out decimal ms)
            && ms >= 0 && ms <= ArrivalLimit.Latest.Nanoseconds / NanosecondsPerMillisecond)
        {
            return (long)decimal.Round(ms * NanosecondsPerMillisecond);
        }

        problems.Add(TraceProblems.Value(path, _lines.Line, Timestamp, Show(ref json), AllowedTime));
        return Unreadable;
    }

    private int? ReadTokens(ref Utf8JsonReader json, string key, List<ConfigProblem> problems)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int tokens) && tokens is >= 1 and <= MostTokens)
        {
            return tokens;
        }

        problems.Add(TraceProblems.Value(path, _lines.Line, key, Show(ref json), AllowedTokens));
        return 0;
    }

    private static string Show(ref Utf8JsonReader json)
    {
        string shown = json.TokenType is JsonTokenType.StartArray ? "a list" : json.TokenType is JsonTokenType.StartObject ? "an object"
            : Encoding.UTF8.GetString(json.ValueSpan[..Math.Min(json.ValueSpan.Length, LongestShown)]);
        json.Skip();
        return shown;
    }

    private void Require(bool holds, string key, string allowed, List<ConfigProblem> problems)
    {
        if (!holds)
        {
            problems.Add(TraceProblems.Value(path, _lines.Line, key, "", allowed));
        }
    }

    private void CheckOrder(long ns, List<ConfigProblem> problems)
    {
        if (ns < _latestNs)
        {
            problems.Add(TraceProblems.Unsorted(path, _lines.Line, Timestamp, Milliseconds(ns), Milliseconds(_latestNs), _latestLine));
            return;
        }

        (_latestNs, _latestLine) = (ns, _lines.Line);
    }

    private static string Milliseconds(long ns) => $"{ns / NanosecondsPerMillisecond:0.######}";
}
