namespace LlmSim.Validation;

/// <summary>A measured run and what its replay came to.</summary>
/// <param name="Run">The run.</param>
/// <param name="Whole">Over all requests.</param>
/// <param name="Rest">Without those of the first seconds; null when none were left out.</param>
internal sealed record ValidatedRun(MeasuredRun Run, Comparison Whole, Comparison? Rest)
{
    /// <summary>Replays a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="skipSeconds">Seconds from its first request whose requests are left out of the second comparison; null for none.</param>
    /// <param name="cancellation">Stops the replay.</param>
    /// <exception cref="Specs.ConfigException">The server is not one that can be simulated.</exception>
    public static ValidatedRun Of(MeasuredRun run, double? skipSeconds, CancellationToken cancellation = default)
    {
        RequestTimes?[] simulated = RunReplay.Simulate(run, cancellation);
        return new ValidatedRun(run, Comparison.Of(run, simulated), skipSeconds is { } skip ? Comparison.Of(run, simulated, skip) : null);
    }
}
