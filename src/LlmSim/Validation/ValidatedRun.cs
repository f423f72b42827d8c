using LlmSim.Simulation;

namespace LlmSim.Validation;

/// <summary>A measured run and what its replay came to.</summary>
/// <param name="Run">The run.</param>
/// <param name="Whole">Over all requests.</param>
/// <param name="Rest">Without those of the first seconds; null when none were left out.</param>
internal sealed record ValidatedRun(MeasuredRun Run, Comparison Whole, Comparison? Rest)
{
    private const int UnmeasuredParts = 240;

    /// <summary>The replay; watched at the moments of <see cref="MeasuredRun.Load"/>, or where that is empty over equal parts of the run.</summary>
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
        RunReplay replay = run.Load.Count > 0 ? RunReplay.Of(run, [.. run.Load.Select(point => point.At)], LoadSampler.Instant, cancellation)
            : RunReplay.Of(run, Middles(run, out SimTime interval), interval, cancellation);
        return new ValidatedRun(run, Comparison.Of(run, replay.Times), skipSeconds is { } skip ? Comparison.Of(run, replay.Times, skip) : null)
        {
            Replay = replay,
        };
    }

    // The middle of each of some equal parts of the run.
    private static SimTime[] Middles(MeasuredRun run, out SimTime interval)
    {
        long last = run.Requests.Max(request => (request.Arrival + (request.Times?.LastToken ?? request.FailedAfter ?? default)).Nanoseconds);
        long length = Math.Max(LoadSampler.Instant.Nanoseconds, last / UnmeasuredParts);
        interval = new SimTime(length);
        return [.. Enumerable.Range(0, (int)(last / length)).Select(i => new SimTime((length * i) + (length / 2)))];
    }
}
