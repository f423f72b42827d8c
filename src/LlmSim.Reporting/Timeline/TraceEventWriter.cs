using System.Text.Encodings.Web;
using System.Text.Json;
using LlmSim.Simulation;

namespace LlmSim.Reporting.Timeline;

/// <summary>Writes a file in the Trace Event format, an event a line. Times are in microseconds with three digits, exact to the nanosecond.</summary>
/// <param name="output">Where to; it stays open.</param>
internal sealed class TraceEventWriter(Stream output) : IDisposable
{
    /// <summary>The process that holds the requests.</summary>
    public const int RequestsProcess = 1;

    private const int ArrivalsThread = 1;
    private const int FlushBytes = 1 << 16;
    private const string RequestCategory = "request";
    private const string FlowCategory = "first step";

    private readonly MemoryStream _buffer = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Events written so far.</summary>
    public long Count { get; private set; }

    /// <summary>Writes what stands before all events.</summary>
    public void Open()
    {
        _buffer.Write("{\"displayTimeUnit\":\"ms\",\"traceEvents\":["u8);
        NameProcess(RequestsProcess, "requests");
        NameThread(RequestsProcess, ArrivalsThread, "arrivals");
    }

    /// <summary>Writes what stands behind all events.</summary>
    /// <param name="isCut">Whether events are missing because there were too many.</param>
    public void Close(bool isCut)
    {
        _buffer.Write("\n],\"otherData\":{\"simulator\":\"llmsim\",\"is_cut\":"u8);
        _buffer.Write(isCut ? "true}}\n"u8 : "false}}\n"u8);
        Flush();
    }

    /// <summary>Names a process; viewers show processes in order of their numbers.</summary>
    public void NameProcess(int process, string name)
    {
        Metadata("process_name", process, thread: 0);
        _json.WriteString("name", name);
        End(hasArgs: true);
        Metadata("process_sort_index", process, thread: 0);
        _json.WriteNumber("sort_index", process);
        End(hasArgs: true);
    }

    /// <summary>Names a thread.</summary>
    public void NameThread(int process, int thread, string name)
    {
        Metadata("thread_name", process, thread);
        _json.WriteString("name", name);
        End(hasArgs: true);
    }

    /// <summary>A slice on a thread.</summary>
    public void Slice(int process, int thread, in StepLabel label, SimTime start, SimTime end)
    {
        Begin("X", label.Name, label.Category, process, thread, start);
        Time("dur", end - start);
        label.WriteArgs(_json);
        End(hasArgs: true);
    }

    /// <summary>A counter changes.</summary>
    public void Changed(int process, Counter counter, SimTime time)
    {
        Begin("C", counter.Name, null, process, 0, time);
        _json.WriteStartObject("args");
        _json.WriteNumber("value", counter.Value);
        End(hasArgs: true);
    }

    /// <summary>A request begins.</summary>
    public void BeginRequest(RequestTrack request, SimTime time)
    {
        Async("b", $"request {request.Id}", request.Id, time);
        _json.WriteStartObject("args");
        _json.WriteNumber("input_tokens", request.InputTokens);
        _json.WriteNumber("output_tokens", request.OutputTokens);
        End(hasArgs: true);
    }

    /// <summary>A request ends.</summary>
    public void EndRequest(long id, SimTime time)
    {
        Async("e", $"request {id}", id, time);
        End();
    }

    /// <summary>A request begins its stage.</summary>
    public void BeginStage(RequestTrack request, SimTime time)
    {
        Async("b", Word(request.Stage), request.Id, time);
        if (request is { IsSeated: true, Replica: { } replica })
        {
            _json.WriteStartObject("args");
            _json.WriteNumber("replica", replica.Number);
            End(hasArgs: true);
            return;
        }

        End();
    }

    /// <summary>A request ends its stage.</summary>
    public void EndStage(RequestTrack request, SimTime time)
    {
        Async("e", Word(request.Stage), request.Id, time);
        End();
    }

    /// <summary>Something happens to a request.</summary>
    public void Mark(long id, string what, SimTime time, string? reason = null)
    {
        Async("n", what, id, time);
        if (reason is not null)
        {
            _json.WriteStartObject("args");
            _json.WriteString("reason", reason);
        }

        End(hasArgs: reason is not null);
    }

    /// <summary>A request's arrival, as a slice without length to which an arrow can be tied.</summary>
    public void Arrival(RequestTrack request)
    {
        Begin("X", $"request {request.Id}", "arrival", RequestsProcess, ArrivalsThread, request.Arrival);
        Time("dur", SimTime.Zero);
        End();
    }

    /// <summary>An arrow from the arrival that was just written to the slice on a thread that starts then.</summary>
    public void Arrow(RequestTrack request, int process, int thread, SimTime start)
    {
        Begin("s", "first step", FlowCategory, RequestsProcess, ArrivalsThread, request.Arrival);
        _json.WriteNumber("id", request.Id);
        End();
        Begin("f", "first step", FlowCategory, process, thread, start);
        _json.WriteNumber("id", request.Id);
        _json.WriteString("bp", "e"); // To the slice around it, not the next.
        End();
    }

    public void Dispose()
    {
        _json.Dispose();
        _buffer.Dispose();
    }

    private static string Word(RequestStage stage) => stage switch
    {
        RequestStage.Tokenise => "tokenise",
        RequestStage.Queued => "queued",
        RequestStage.Prefill => "prefill",
        _ => "decode",
    };

    private void Metadata(string kind, int process, int thread)
    {
        Begin("M", kind, null, process, thread, SimTime.Zero);
        _json.WriteStartObject("args");
    }

    private void Async(string phase, string name, long id, SimTime time)
    {
        Begin(phase, name, RequestCategory, RequestsProcess, ArrivalsThread, time);
        _json.WriteNumber("id", id);
    }

    private void Begin(string phase, string name, string? category, int process, int thread, SimTime time)
    {
        _buffer.Write(Count == 0 ? "\n"u8 : ",\n"u8);
        Count++;
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("name", name);
        if (category is not null)
        {
            _json.WriteString("cat", category);
        }

        _json.WriteNumber("pid", process);
        _json.WriteNumber("tid", thread);
        Time("ts", time);
    }

    private void Time(string name, SimTime time) => _json.WriteNumber(name, time.Nanoseconds / 1000m);

    private void End(bool hasArgs = false)
    {
        if (hasArgs)
        {
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.Flush();
        if (_buffer.Length >= FlushBytes)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _buffer.WriteTo(output);
        _buffer.SetLength(0);
    }
}
