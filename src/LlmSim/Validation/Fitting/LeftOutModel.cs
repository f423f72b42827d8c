using LlmSim.Specs;

namespace LlmSim.Validation.Fitting;

/// <summary>The runs of a model, replayed with constants that were fitted to the runs of all others.</summary>
/// <param name="Model">The model.</param>
/// <param name="FittedOn">How many runs of others there were to fit to.</param>
/// <param name="Constants">What is said of each constant.</param>
/// <param name="Runs">Its replays.</param>
internal sealed record LeftOutModel(string Model, int FittedOn, IReadOnlyList<ConstantEstimate> Constants, IReadOnlyList<ValidatedRun> Runs)
{
    /// <summary>Whether constants are fitted to a run: requests were measured by clients, and all answered.</summary>
    public static bool IsFittedOn(MeasuredRun run) => HostFit.CanUse(run) && run.Config.Clock == ServingClock.Client;

    /// <summary>Whether there is something to leave out and something left.</summary>
    public static bool CanRun(IEnumerable<MeasuredRun> runs) => runs.Where(IsFittedOn).DistinctBy(run => run.Config.Model.Name).Count() >= 2;

    /// <summary>Leaves out each model in turn and refits all that was found on serving runs.</summary>
    /// <param name="runs">The runs; those that are not fitted on are replayed all the same.</param>
    /// <param name="skipSeconds">Seconds from each one's first request whose requests are left out; null for none.</param>
    /// <param name="cancellation">Stops.</param>
    public static IEnumerable<LeftOutModel> Each(IReadOnlyList<MeasuredRun> runs, double? skipSeconds, CancellationToken cancellation = default)
    {
        foreach (var model in runs.GroupBy(run => run.Config.Model.Name))
        {
            var target = new FitTarget([.. runs.Where(run => IsFittedOn(run) && run.Config.Model.Name != model.Key)], skipSeconds ?? 0);
            IReadOnlyList<ConstantEstimate> constants = ConstantFit.Run(target, FittedConstant.Shipped, cancellation);
            yield return new LeftOutModel(model.Key, target.Runs.Count, constants,
                [.. model.Select(run => ValidatedRun.Of(run with { Config = ConstantFit.Apply(run.Config, constants) }, skipSeconds, cancellation))]);
        }
    }
}
