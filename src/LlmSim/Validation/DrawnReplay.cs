using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Validation;

/// <summary>Replays of a measured run with the model's errors drawn.</summary>
internal static class DrawnReplay
{
    /// <summary>Adds to a replayed run how its figures move with the errors.</summary>
    /// <param name="run">The run.</param>
    /// <param name="skipSeconds">Seconds that its second comparison leaves out; null when there is none.</param>
    /// <param name="mode">How many draws; with <see cref="UncertaintyMode.Off"/> nothing is added.</param>
    /// <param name="cancellation">Stops between draws.</param>
    /// <remarks>Measured runs are short, so every draw serves all of the run in either mode: a queue that grows shows late.</remarks>
    /// <exception cref="ConfigException">The server is not one that can be simulated.</exception>
    public static ValidatedRun Add(ValidatedRun run, double? skipSeconds, UncertaintyMode mode, CancellationToken cancellation = default)
    {
        if (mode == UncertaintyMode.Off)
        {
            return run;
        }

        MeasuredRun measured = run.Run;
        var drawn = DrawnRuns<RequestTimes?[]>.Simulate(
            measured.Config, ModelErrors.Of(measured.Config, ServingResidual.Default), twoSizes: mode == UncertaintyMode.Full,
            config => RunReplay.Simulate(measured with { Config = config }, cancellation), cancellation: cancellation);
        return run with { Whole = Draw(run.Whole, 0), Rest = run.Rest is { } rest ? Draw(rest, skipSeconds!.Value) : null };

        Comparison Draw(Comparison comparison, double from) => comparison with
        {
            Drawn = drawn.Select(times => Figures.Of(measured.Requests, times, Comparison.From(from))),
        };
    }
}
