using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Requests streamed from a trace file, their times divided by the scale.</summary>
internal sealed class TraceSource : RequestSource
{
    private readonly TraceReader _reader;
    private readonly TraceSpec _trace;
    private readonly List<ConfigProblem> _problems = [];
    private readonly long _lastNanosecond;
    private long _remaining;

    /// <summary>Opens the trace of a workload that has one. The workload's values must be in range.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or its header is that of no known format.</exception>
    public TraceSource(WorkloadSpec workload)
    {
        _trace = workload.Trace ?? throw new ArgumentException("The workload has no trace.", nameof(workload));
        _reader = TraceReader.Open(_trace.Path, new ClassBook([]));
        _lastNanosecond = ArrivalLimit.LastNanosecond(workload.DurationSeconds);
        _remaining = workload.NumRequests ?? long.MaxValue;
    }

    /// <inheritdoc />
    public override bool TryNext(out ArrivingRequest request)
    {
        request = default;
        if (_remaining == 0)
        {
            return false;
        }

        bool any = _reader.TryRead(out request, _problems);
        if (_problems.Count > 0)
        {
            _remaining = 0;
            throw new ConfigException([.. _problems]);
        }

        if (any)
        {
            request = request with { Arrival = Scaled(request.Arrival) };
            any = request.Arrival.Nanoseconds <= _lastNanosecond;
        }

        _remaining = any ? _remaining - 1 : 0;
        return any;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader.Dispose();
        }

        base.Dispose(disposing);
    }

    private SimTime Scaled(SimTime arrival)
    {
        if (_trace.Scale == 1)
        {
            return arrival;
        }

        // Out-of-range doubles convert to the nearest long.
        var scaled = new SimTime((long)Math.Round(arrival.Nanoseconds / _trace.Scale));
        return scaled <= ArrivalLimit.Latest ? scaled : throw new ConfigException(new ConfigProblem(
            "workload.trace_scale", $"{_trace.Scale}",
            $"a scale at which every request arrives within {ArrivalLimit.Latest.Seconds:0} s, which is 146 years",
            "Raise the scale."));
    }
}
