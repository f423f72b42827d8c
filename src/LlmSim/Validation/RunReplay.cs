using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Simulation;

namespace LlmSim.Validation;

/// <summary>A measured run, simulated.</summary>
/// <param name="Times">How long each request took, in order of arrival; null for one that was refused or given up.</param>
/// <param name="Load">How full the server was at the moments asked for.</param>
/// <param name="Preemptions">How often requests were thrown out for lack of memory.</param>
internal sealed record RunReplay(RequestTimes?[] Times, IReadOnlyList<LoadPoint> Load, long Preemptions)
{
    /// <summary>Simulates a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="moments">When to look how full the server is, in order from the first arrival.</param>
    /// <param name="interval">Length of the intervals that levels are means of. Above 0.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="Specs.ConfigException">The server is not one that can be simulated.</exception>
    public static RunReplay Of(MeasuredRun run, IReadOnlyList<SimTime> moments, SimTime interval, CancellationToken cancellation = default)
    {
        var times = new RequestTimes?[run.Requests.Count];
        var load = new LoadSampler(moments);
        var simulator = new LlmInferenceSimulator(run.Config) { Records = new Sink(times) };
        if (moments.Count > 0)
        {
            simulator.Series = load;
            simulator.SeriesInterval = interval;
        }

        SimulationMetrics metrics = simulator.Serve(() => new MeasuredSource(run.Requests)).Run(cancellation);
        return new RunReplay(times, load.Points, metrics.ComputeStatistics().Preemptions);
    }

    /// <summary>How long each request takes in the simulation, in order of arrival; null for one that was refused or given up.</summary>
    /// <exception cref="Specs.ConfigException">The server is not one that can be simulated.</exception>
    public static RequestTimes?[] Simulate(MeasuredRun run, CancellationToken cancellation = default) => Of(run, [], LoadSampler.Instant, cancellation).Times;

    private sealed class Sink(RequestTimes?[] times) : RequestSink
    {
        public override void Write(in RequestRecord record) =>
            times[record.Id] = new RequestTimes(record.FirstToken - record.Arrival, record.Finish - record.Arrival)
            {
                Scheduled = record.Scheduled - record.Arrival,
            };
    }
}
