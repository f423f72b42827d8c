using LlmSim.Specs;

namespace LlmSim.Validation.Fitting;

/// <summary>A host's constants, fitted to runs of it.</summary>
/// <param name="FittedOn">The runs that they were fitted to.</param>
/// <param name="Requests">Requests of these that counted.</param>
/// <param name="Constants">What is said of each constant.</param>
/// <param name="With">The replays of all runs with what was found.</param>
internal sealed record HostFit(IReadOnlyList<MeasuredRun> FittedOn, int Requests, IReadOnlyList<ConstantEstimate> Constants, IReadOnlyList<ValidatedRun> With)
{
    /// <summary>Whether constants can be fitted to a run: what a server that cannot keep up shows depends on everything.</summary>
    public static bool CanUse(MeasuredRun run) => run.Requests.All(request => request.Times is not null);

    /// <summary>Fits.</summary>
    /// <param name="runs">The runs. At least one that can be used; those by the engine's clock only where there are no others.</param>
    /// <param name="skipSeconds">Seconds from each one's first request whose requests are left out; null for none.</param>
    /// <param name="cancellation">Stops the fit.</param>
    public static HostFit Of(IReadOnlyList<MeasuredRun> runs, double? skipSeconds, CancellationToken cancellation = default)
    {
        MeasuredRun[] usable = [.. runs.Where(CanUse)];
        MeasuredRun[] byClients = [.. usable.Where(run => run.Config.Clock == ServingClock.Client)];
        var target = new FitTarget(byClients.Length > 0 ? byClients : usable, skipSeconds ?? 0);
        IReadOnlyList<FittedConstant> constants = byClients.Length > 0 ? FittedConstant.OfHost : FittedConstant.OfEngine;
        IReadOnlyList<ConstantEstimate> estimates = ConstantFit.Run(target, constants, cancellation);
        return new HostFit(target.Runs, target.Requests, estimates,
            [.. runs.Select(run => ValidatedRun.Of(run with { Config = ConstantFit.Apply(run.Config, estimates) }, skipSeconds, cancellation))]);
    }
}
