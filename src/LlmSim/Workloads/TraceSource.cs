using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Requests streamed from a trace file: sliced, repeated, their times divided by the scale.</summary>
internal sealed class TraceSource : RequestSource
{
    private readonly TraceSpec _trace;
    private readonly ClassBook _classes;
    private readonly long _lastNanosecond;
    private readonly double _scale;
    private TraceSlice _slice;
    private Int128 _offsetNs;
    private int _repetitions;
    private long _remaining;

    /// <summary>Opens the trace of a workload that has one. The workload's values must be in range.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or its header is that of no known format.</exception>
    public TraceSource(WorkloadSpec workload)
    {
        _trace = workload.Trace ?? throw new ArgumentException("The workload has no trace.", nameof(workload));
        _classes = ClassBook.Of(workload);
        _lastNanosecond = ArrivalLimit.LastNanosecond(workload.DurationSeconds);
        _remaining = workload.NumRequests ?? long.MaxValue;
        _repetitions = _trace.Repeat - 1;
        _scale = _trace.SpanSeconds is { } span ? ScaleTo(span) : _trace.Scale;
        _slice = new TraceSlice(_trace, _classes);
    }

    /// <inheritdoc />
    public override IReadOnlyList<string> ClassNames => _classes.Names;

    /// <inheritdoc />
    public override bool TryNext(out ArrivingRequest request)
    {
        request = default;
        if (_remaining == 0)
        {
            return false;
        }

        try
        {
            bool any = TryRead(out request);
            any = any && request.Arrival.Nanoseconds <= _lastNanosecond;
            _remaining = any ? _remaining - 1 : 0;
            return any;
        }
        catch (ConfigException)
        {
            _remaining = 0;
            throw;
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _slice.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryRead(out ArrivingRequest request)
    {
        while (!_slice.TryNext(out request))
        {
            if (_repetitions-- == 0)
            {
                _repetitions = 0;
                return false;
            }

            _offsetNs += _slice.PeriodNs;
            _slice.Dispose();
            _slice = new TraceSlice(_trace, _classes);
        }

        request = request with { Arrival = Scaled(_offsetNs + request.Arrival.Nanoseconds) };
        return true;
    }

    private SimTime Scaled(Int128 nanoseconds)
    {
        // Out-of-range doubles convert to the nearest long.
        Int128 scaled = _scale == 1 ? nanoseconds : (long)Math.Round((double)nanoseconds / _scale);
        return scaled <= ArrivalLimit.Latest.Nanoseconds ? new SimTime((long)scaled) : throw new ConfigException(new ConfigProblem(
            _trace.SpanSeconds is null ? "workload.trace_scale" : "workload.trace_span", $"{_trace.SpanSeconds ?? _trace.Scale}",
            $"a scale at which every request arrives within {ArrivalLimit.Latest.Seconds:0} s, which is 146 years",
            _trace.SpanSeconds is null ? "Raise the scale, or repeat less often." : "Shorten the span, or repeat less often."));
    }

    /// <summary>The factor at which the slice lasts that long.</summary>
    private double ScaleTo(double spanSeconds)
    {
        using var slice = new TraceSlice(_trace, _classes);
        while (_trace.EndSeconds is null && slice.TryNext(out _))
        {
        }

        return slice.SpanNs > 0 ? slice.SpanNs / (spanSeconds * 1e9) : throw new ConfigException(new ConfigProblem(
            "workload.trace_span", $"{spanSeconds}", "a trace whose last request comes after the start",
            "Leave it out: all requests come at once."));
    }
}
