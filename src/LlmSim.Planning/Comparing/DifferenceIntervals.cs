using LlmSim.Metrics;
using LlmSim.Specs;
using LlmSim.Uncertainty;
using LlmSim.Workloads;

namespace LlmSim.Planning.Comparing;

/// <summary>Differences between two contenders that served the same requests, with 95% intervals.</summary>
/// <remarks>
/// Deviations of the logarithm of the figures' ratio: noise, from how it varies over replications that both served; and model error, from how it
/// varies over draws of the errors in which what they share is the same for both. They add up as squares. What measured servers leave unexplained
/// is the same for both where GPU, model and engine are, and counts twice otherwise. How long the last requests of a run take is no steady
/// difference either: where the load sets the pace, intervals of rates and levels hold what that makes.
/// </remarks>
/// <param name="first">The one that is compared with.</param>
/// <param name="other">The one that is compared.</param>
/// <param name="isSameWorkload">Whether both served the same requests.</param>
/// <param name="share">Requests of a replication over those of the whole workload, from 0 to 1.</param>
internal sealed class DifferenceIntervals(ContenderRuns first, ContenderRuns other, bool isSameWorkload, double share)
{
    // The 97.5% point of the normal distribution, and of Student's t with as many degrees of freedom as replications leave (15).
    private const double Deviations = 1.959963984540054;
    private const double DeviationsOfFew = 2.131449545559323;

    // Half of the last digit shown: what is smaller is nothing to anybody.
    private const double Negligible = 0.0005;
    private const double Rounding = 1e-9;

    private readonly DrawnRuns<(SimulationStatistics First, SimulationStatistics Other)>? _drawn =
        first.Drawn is { } a && other.Drawn is { } b ? a.Zip(b, (x, y) => (x, y)) : null;

    /// <summary>Whether intervals hold what the model may be wrong by.</summary>
    public bool HasModelError => _drawn is not null;

    /// <summary>The difference of a figure; null where one of them lacks it.</summary>
    public Difference? Of(ComparedFigure figure)
    {
        if (figure.Of(first.Statistics) is not { } before || figure.Of(other.Statistics) is not { } after)
        {
            return null;
        }

        double? change = before > 0 ? (after / before) - 1 : before == after ? 0 : null;
        if (figure.IsLatency && (first.IsOverloaded || other.IsOverloaded))
        {
            return new Difference(before, after, null, null, null, Verdict.NotSteady);
        }

        return before > 0 && after > 0 && NoiseOf(figure) is { } noise && (_drawn is null || Spread(figure) is not null)
            ? WithInterval(figure, before, after, noise)
            : new Difference(before, after, change, null, null, SignOf(figure) is var sign && sign == 0 ? Verdict.None : Judge(figure, sign));
    }

    /// <summary>How much each error alone moves the ratio of a figure, by one standard deviation; null where that is not known.</summary>
    public IReadOnlyList<(string Name, double Effect)>? Effects(ComparedFigure figure) => Spread(figure) is { } spread
        ? [.. _drawn!.Factors.Select((factor, i) => (factor.Name, spread.Effects[i])).GroupBy(one => one.Name)
            .Select(errors => (errors.Key, Math.Sqrt(errors.Sum(error => error.Item2 * error.Item2))))]
        : null;

    private Difference WithInterval(ComparedFigure figure, double before, double after, double noise)
    {
        double ratio = after / before;
        FigureSpread? spread = Spread(figure);
        double residual = _drawn is null || LeavesTheSame(first.Contender.Config, other.Contender.Config) ? 0
            : Math.Sqrt(2) * ServingResidual.Default.Of(figure.Kind);
        double edge = figure.IsOverDuration && LoadSetsThePace(first) && LoadSetsThePace(other) ? Math.Abs(Drain(other) - Drain(first)) : 0;
        double low = (ratio * Factor(-1, spread?.Down ?? 0)) - 1;
        double high = (ratio * Factor(1, spread?.Up ?? 0)) - 1;
        bool isReal = (low > Rounding || high < -Rounding) && Math.Abs(ratio - 1) >= Negligible;
        double model = spread is null ? 0 : Math.Sqrt(((spread.Down * spread.Down) + (spread.Up * spread.Up)) / 2);
        return new Difference(before, after, ratio - 1, low, high, isReal ? Judge(figure, Math.Sign(ratio - 1)) : Verdict.None,
            noise * DeviationsOfFew, Math.Sqrt((model * model) + (residual * residual)) * Deviations);

        double Factor(int sign, double error)
        {
            (double chance, double wrong) = (noise * DeviationsOfFew, Deviations * Math.Sqrt((error * error) + (residual * residual)));
            return DeterministicMath.Exp(sign * (edge + Math.Sqrt((chance * chance) + (wrong * wrong))));
        }
    }

    /// <summary>Deviation of the logarithm of the ratio from replication to replication, for as many requests as the whole workload has.</summary>
    private double? NoiseOf(ComparedFigure figure)
    {
        double?[] logs = [.. Pairs(first.Replications, other.Replications, figure).Select(pair => pair is { Before: > 0, After: > 0 } both
            ? DeterministicMath.Log(both.After / both.Before) : (double?)null)];
        if (logs.Any(log => log is null))
        {
            return null;
        }

        if (logs.Length < 2)
        {
            return 0;
        }

        double mean = logs.Sum()!.Value / logs.Length;
        return Math.Sqrt(logs.Sum(log => (log!.Value - mean) * (log.Value - mean)) / (logs.Length - 1) * share);
    }

    private FigureSpread? Spread(ComparedFigure figure) => _drawn?.Of(pair =>
        figure.Of(pair.First) is > 0 and { } before && figure.Of(pair.Other) is > 0 and { } after ? after / before : null);

    // Where a figure is 0 in some runs there are no ratios: a difference is real then if its sign is the same in every pair of runs.
    private int SignOf(ComparedFigure figure)
    {
        int[] signs =
        [
            .. Pairs([first.Statistics], [other.Statistics], figure).Concat(Pairs(first.Replications, other.Replications, figure))
                .Select(pair => pair is { } both ? Math.Sign(both.After - both.Before) : 0),
        ];
        bool agree = signs.Length > Replications.Count && signs.Distinct().Count() == 1;
        return agree && (_drawn is null || _drawn.Count(pair => Math.Sign((figure.Of(pair.Other) - figure.Of(pair.First)) ?? 0) != signs[0]) == 0)
            ? signs[0] : 0;
    }

    private static IEnumerable<(double Before, double After)?> Pairs(
        IReadOnlyList<SimulationStatistics> before, IReadOnlyList<SimulationStatistics> after, ComparedFigure figure) =>
        before.Zip(after, (x, y) => figure.Of(x) is { } b && figure.Of(y) is { } a ? (b, a) : ((double, double)?)null);

    private Verdict Judge(ComparedFigure figure, int sign) => figure.Better switch
    {
        _ when figure.FollowsLoad && !isSameWorkload => sign > 0 ? Verdict.More : Verdict.Less,
        Better.Neither => sign > 0 ? Verdict.More : Verdict.Less,
        Better.More => sign > 0 ? Verdict.Better : Verdict.Worse,
        _ => sign < 0 ? Verdict.Better : Verdict.Worse,
    };

    private static bool LoadSetsThePace(ContenderRuns run) =>
        !run.IsOverloaded && run.Contender.Config.Workload.MaxConcurrency is null && run.Statistics.ArrivalSpan.Nanoseconds > 0;

    /// <summary>By how much the last requests lengthen a run, as a logarithm.</summary>
    private static double Drain(ContenderRuns run) =>
        DeterministicMath.Log((double)run.Statistics.Duration.Nanoseconds / run.Statistics.ArrivalSpan.Nanoseconds);

    private static bool LeavesTheSame(SimulatorConfig one, SimulatorConfig two) =>
        one.Cluster.Gpu == two.Cluster.Gpu && one.Model == two.Model && one.Engine.Family == two.Engine.Family;
}
