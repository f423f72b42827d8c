using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Requests drawn from an arrival process and two length laws, each from a random stream of its own.</summary>
internal sealed class SyntheticSource : RequestSource
{
    private const long DefaultRequests = 1000;

    private readonly ArrivalSampler arrivals;
    private readonly LengthSampler inputs;
    private readonly LengthSampler outputs;
    private readonly double ratePerSecond;
    private readonly long lastNanosecond;
    private long remaining;

    /// <summary>The requests of a workload without a trace. The workload's values must be in range.</summary>
    public SyntheticSource(WorkloadSpec workload, ulong seed)
    {
        ratePerSecond = workload.RequestRatePerSecond;
        arrivals = ArrivalSampler.Create(workload.Arrival, ratePerSecond, seed);
        inputs = LengthSampler.Create(workload.InputLength, new RandomStream(seed, LengthSampler.InputStreamName));
        outputs = LengthSampler.Create(workload.OutputLength, new RandomStream(seed, LengthSampler.OutputStreamName));
        lastNanosecond = ArrivalLimit.LastNanosecond(workload.DurationSeconds);
        remaining = workload.NumRequests ?? (workload.DurationSeconds is null ? DefaultRequests : long.MaxValue);
        ExpectedCount = workload.DurationSeconds is null ? remaining : null;
    }

    /// <inheritdoc />
    public override long? ExpectedCount { get; }

    /// <inheritdoc />
    public override bool TryNext(out ArrivingRequest request)
    {
        request = default;
        if (remaining == 0)
        {
            return false;
        }

        remaining--;
        var arrival = new SimTime(arrivals.Next());
        if (arrival.Nanoseconds > lastNanosecond)
        {
            remaining = 0;
            return false;
        }

        if (arrival > ArrivalLimit.Latest)
        {
            throw TooLate();
        }

        request = new ArrivingRequest(arrival, inputs.Next(), outputs.Next());
        return true;
    }

    private ConfigException TooLate() => new(new ConfigProblem(
        "workload.request_rate", $"{ratePerSecond}",
        $"a rate at which every request arrives within {ArrivalLimit.Latest.Seconds:0} s, which is 146 years",
        "Raise the rate, or send fewer requests."));
}
