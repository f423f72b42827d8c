using LlmSim.Metrics;
using LlmSim.Serving;

namespace LlmSim.Validation;

/// <summary>Simulates a measured run.</summary>
internal static class RunReplay
{
    /// <summary>How long each request takes in the simulation, in order of arrival; null for one that was refused or given up.</summary>
    /// <exception cref="Specs.ConfigException">The server is not one that can be simulated.</exception>
    public static RequestTimes?[] Simulate(MeasuredRun run, CancellationToken cancellation = default)
    {
        var times = new RequestTimes?[run.Requests.Count];
        new LlmInferenceSimulator(run.Config) { Records = new Sink(times) }
            .Serve(() => new MeasuredSource(run.Requests))
            .Run(cancellation);
        return times;
    }

    private sealed class Sink(RequestTimes?[] times) : RequestSink
    {
        public override void Write(in RequestRecord record) =>
            times[record.Id] = new RequestTimes(record.FirstToken - record.Arrival, record.Finish - record.Arrival);
    }
}
