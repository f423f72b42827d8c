using LlmSim.Specs;
using LlmSim.Uncertainty;

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
    /// <param name="mode">How the model's errors are carried through.</param>
    /// <param name="cancellation">Stops the replay.</param>
    /// <exception cref="ConfigException">The server is not one that can be simulated.</exception>
    public static ValidatedRun Of(
        MeasuredRun run, double? skipSeconds, UncertaintyMode mode = UncertaintyMode.Off, CancellationToken cancellation = default)
    {
        RequestTimes?[] simulated = RunReplay.Simulate(run, cancellation);
        Comparison whole = Comparison.Of(run, simulated);
        Comparison? rest = skipSeconds is { } skip ? Comparison.Of(run, simulated, skip) : null;
        if (mode == UncertaintyMode.Off)
        {
            return new ValidatedRun(run, whole, rest);
        }

        // Measured runs are short, so every draw serves all of it: a queue that grows shows late.
        var drawn = DrawnRuns<RequestTimes?[]>.Simulate(
            run.Config, ModelErrors.Of(run.Config, ServingResidual.Default), twoSizes: mode == UncertaintyMode.Full,
            config => RunReplay.Simulate(run, config, cancellation), cancellation: cancellation);
        return new ValidatedRun(run, Draw(whole, 0), rest is null ? null : Draw(rest, skipSeconds!.Value));

        Comparison Draw(Comparison comparison, double from) => comparison with
        {
            Drawn = drawn.Select(times => Figures.Of(run.Requests, times, Comparison.From(from))),
        };
    }
}
