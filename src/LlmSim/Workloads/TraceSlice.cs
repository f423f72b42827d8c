using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>One reading of a trace: the requests of the wanted class within the wanted seconds, counted from the first of these.</summary>
internal sealed class TraceSlice : IDisposable
{
    private readonly TraceSpec _trace;
    private readonly TraceReader _reader;
    private readonly List<ConfigProblem> _problems = [];
    private readonly byte? _class;
    private readonly long _startNs;
    private readonly long _endNs;
    private long _firstNs;
    private long _count;
    private long _lastNs;

    /// <summary>Opens the file.</summary>
    /// <exception cref="ConfigException">It cannot be read, or is of no known format.</exception>
    public TraceSlice(TraceSpec trace, ClassBook classes)
    {
        _trace = trace;
        _class = trace.Class is { } name && classes.TryFind(name, out byte index) ? index : null;
        _startNs = (long)Math.Round(trace.StartSeconds * 1e9);
        _endNs = trace.EndSeconds is { } end ? (long)Math.Round(end * 1e9) : long.MaxValue;
        _reader = TraceReader.Open(trace.Path, classes);
    }

    /// <summary>Nanoseconds from the start to the end or, where there is none, to the last request so far.</summary>
    public long SpanNs => _trace.EndSeconds is null ? _lastNs : _endNs - _startNs;

    /// <summary>After the last request: nanoseconds from the start to that of a repetition.</summary>
    public Int128 PeriodNs => _trace.EndSeconds is null && _count > 1
        ? (Int128)_lastNs + (_lastNs - _firstNs) / (_count - 1)
        : SpanNs;

    /// <summary>Gives the next request. False when there is none left.</summary>
    /// <exception cref="ConfigException">A row is not a request, or there is none at all.</exception>
    public bool TryNext(out ArrivingRequest request)
    {
        while (Read(out request) && request.Arrival.Nanoseconds < _endNs)
        {
            if (request.Arrival.Nanoseconds >= _startNs && (_class is null || request.Class == _class))
            {
                _lastNs = request.Arrival.Nanoseconds - _startNs;
                _firstNs = _count++ == 0 ? _lastNs : _firstNs;
                request = request with { Arrival = new SimTime(_lastNs) };
                return true;
            }
        }

        return _count > 0 ? false : throw new ConfigException(Empty());
    }

    /// <inheritdoc />
    public void Dispose() => _reader.Dispose();

    private bool Read(out ArrivingRequest request)
    {
        bool any = _reader.TryRead(out request, _problems);
        return _problems.Count == 0 ? any : throw new ConfigException([.. _problems]);
    }

    private ConfigProblem Empty()
    {
        string until = _trace.EndSeconds is { } end ? $"{end}" : "its end";
        return _trace.Class is { } name
            ? new ConfigProblem("workload.trace_class", name, $"a class of which the trace has requests from {_trace.StartSeconds} s to {until}",
                "Name another class, or leave it out.")
            : new ConfigProblem("workload.trace_start", $"{_trace.StartSeconds} to {until}",
                "seconds of the trace in which requests arrive", "Choose other seconds, or leave them out.");
    }
}
