using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Requests streamed from a trace file, their times divided by the scale.</summary>
internal sealed class TraceSource : RequestSource
{
    private readonly TraceReader reader;
    private readonly TraceSpec trace;
    private readonly List<ConfigProblem> problems = [];
    private readonly long lastNanosecond;
    private long remaining;

    /// <summary>Opens the trace of a workload that has one. The workload's values must be in range.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or its header is that of no known format.</exception>
    public TraceSource(WorkloadSpec workload)
    {
        trace = workload.Trace ?? throw new ArgumentException("The workload has no trace.", nameof(workload));
        reader = new TraceReader(trace.Path);
        lastNanosecond = ArrivalLimit.LastNanosecond(workload.DurationSeconds);
        remaining = workload.NumRequests ?? long.MaxValue;
    }

    /// <inheritdoc />
    public override bool TryNext(out ArrivingRequest request)
    {
        request = default;
        if (remaining == 0)
        {
            return false;
        }

        bool any = reader.TryRead(out request, problems);
        if (problems.Count > 0)
        {
            remaining = 0;
            throw new ConfigException([.. problems]);
        }

        if (any)
        {
            request = request with { Arrival = Scaled(request.Arrival) };
            any = request.Arrival.Nanoseconds <= lastNanosecond;
        }

        remaining = any ? remaining - 1 : 0;
        return any;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader.Dispose();
        }

        base.Dispose(disposing);
    }

    private SimTime Scaled(SimTime arrival)
    {
        if (trace.Scale == 1)
        {
            return arrival;
        }

        // Out-of-range doubles convert to the nearest long.
        var scaled = new SimTime((long)Math.Round(arrival.Nanoseconds / trace.Scale));
        return scaled <= ArrivalLimit.Latest ? scaled : throw new ConfigException(new ConfigProblem(
            "workload.trace_scale", $"{trace.Scale}",
            $"a scale at which every request arrives within {ArrivalLimit.Latest.Seconds:0} s, which is 146 years",
            "Raise the scale."));
    }
}
