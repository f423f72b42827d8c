using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Requests drawn from an arrival process and laws of lengths, each from a random stream of its own.</summary>
internal sealed class SyntheticSource : RequestSource
{
    private const long DefaultRequests = 1000;

    private readonly ArrivalSampler _arrivals;
    private readonly RequestShaper _shaper;
    private readonly IndependentLengths? _plain; // the shaper, if that is what it is: called without a detour
    private readonly WorkloadSpec _workload;
    private readonly long _lastNanosecond;
    private long _remaining;

    /// <summary>The requests of a workload without a trace. The workload's values must be in range.</summary>
    public SyntheticSource(WorkloadSpec workload, ulong seed)
    {
        _workload = workload;
        _arrivals = ArrivalSampler.Create(workload, seed);
        _shaper = RequestShaper.Create(workload, seed);
        _plain = _shaper as IndependentLengths;
        ClassNames = [.. workload.Classes.Select(c => c.Name)];
        _lastNanosecond = ArrivalLimit.LastNanosecond(workload.DurationSeconds);
        _remaining = CountOf(workload) ?? long.MaxValue;
        ExpectedCount = workload.DurationSeconds is null && !HasSessions ? _remaining : null;
    }

    /// <summary>How many requests, or conversations, end the workload; null when only its duration does.</summary>
    public static long? CountOf(WorkloadSpec workload) =>
        (workload.Sessions is { } sessions ? sessions.Count : workload.NumRequests) ?? (workload.DurationSeconds is null ? DefaultRequests : null);

    /// <inheritdoc />
    public override long? ExpectedCount { get; }

    /// <inheritdoc />
    internal override bool HasSessions => _workload.Sessions is not null;

    /// <inheritdoc />
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc />
    public override bool TryNext(out ArrivingRequest request)
    {
        request = default;
        if (_remaining == 0)
        {
            return false;
        }

        _remaining--;
        var arrival = new SimTime(_arrivals.Next());
        if (arrival.Nanoseconds > _lastNanosecond)
        {
            _remaining = 0;
            return false;
        }

        if (arrival > ArrivalLimit.Latest)
        {
            throw TooLate();
        }

        request = _plain is not null ? _plain.Next(arrival) : _shaper.Next(arrival);
        return true;
    }

    private ConfigException TooLate() => new(new ConfigProblem(
        _workload.RateCurve is { IsRamp: true } ? "workload.rate_curve.end" : "workload.request_rate",
        $"{(_workload.RateCurve is { IsRamp: true } ramp ? ramp.EndRatePerSecond : _workload.RequestRatePerSecond)}",
        $"a rate at which every request arrives within {ArrivalLimit.Latest.Seconds:0} s, which is 146 years",
        "Raise the rate, or send fewer requests."));
}
