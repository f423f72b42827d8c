using LlmSim.Simulation;

namespace LlmSim.Validation;

/// <summary>A measured run and what its replay came to.</summary>
/// <param name="Run">The run.</param>
/// <param name="Whole">Over all requests.</param>
/// <param name="Rest">Without those of the first seconds; null when none were left out.</param>
internal sealed record ValidatedRun(MeasuredRun Run, Comparison Whole, Comparison? Rest)
{
    // Moments at which a run is looked at whose server was not watched.
    private const int UnmeasuredMoments = 240;

    /// <summary>The replay; at the moments of <see cref="MeasuredRun.Load"/>, or where that is empty at equal distances.</summary>
    public required RunReplay Replay { get; init; }

    /// <summary>How full the server was; null when that was not measured.</summary>
    public LoadComparison? Load => Run.Load.Count > 0 ? new LoadComparison(Run.Load, Replay.Load) : null;

    /// <summary>Replays a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="skipSeconds">Seconds from its first request whose requests are left out of the second comparison; null for none.</param>
    /// <param name="cancellation">Stops the replay.</param>
    /// <exception cref="Specs.ConfigException">The server is not one that can be simulated.</exception>
    public static ValidatedRun Of(MeasuredRun run, double? skipSeconds, CancellationToken cancellation = default)
    {
        RunReplay replay = RunReplay.Of(run, Moments(run), cancellation);
        return new ValidatedRun(run, Comparison.Of(run, replay.Times), skipSeconds is { } skip ? Comparison.Of(run, replay.Times, skip) : null)
        {
            Replay = replay,
        };
    }

    private static SimTime[] Moments(MeasuredRun run)
    {
        if (run.Load.Count > 0)
        {
            return [.. run.Load.Select(point => point.At)];
        }

        long last = run.Requests.Max(request => (request.Arrival + (request.Times?.LastToken ?? request.FailedAfter ?? default)).Nanoseconds);
        return [.. Enumerable.Range(0, UnmeasuredMoments).Select(i => new SimTime((long)((Int128)last * i / (UnmeasuredMoments - 1))))];
    }
}
