using LlmSim.Costs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Planning.Comparing;

/// <summary>GPU time per 1,000 output tokens, over all GPUs of a deployment: what tokens cost, wherever they were made.</summary>
internal static class GpuTime
{
    /// <summary>What the time in which GPUs wait for the host is called.</summary>
    public const string Host = "waiting for the host";

    private const double Tokens = 1000;

    /// <summary>GPU seconds per 1,000 output tokens in all steps; null where the run does not tell.</summary>
    public static double? Total(ContenderRuns run) => Factor(run) * run.Statistics.Breakdown?.TotalSeconds;

    /// <summary>Those that one thing bounds.</summary>
    public static double? Of(ContenderRuns run, CostClass costClass) => Factor(run) * run.Statistics.Breakdown?.Seconds(costClass);

    /// <summary>GPU seconds per 1,000 output tokens of each operator, both halves of attention together, and of waiting for the host.</summary>
    public static IReadOnlyDictionary<string, double> ByOperator(ContenderRuns run)
    {
        var times = new Dictionary<string, double>();
        if (Factor(run) is { } factor && run.Statistics.Breakdown is { } breakdown)
        {
            foreach (OperatorCost cost in breakdown.Operators)
            {
                string name = Name(cost.Operator);
                times[name] = times.GetValueOrDefault(name) + (factor * cost.Seconds);
            }

            times[Host] = factor * breakdown.HostSeconds;
        }

        return times;
    }

    /// <summary>What changed most from the first to the other: names with the times before and after, the largest change first.</summary>
    public static IReadOnlyList<(string Name, double Before, double After)> Changes(ContenderRuns first, ContenderRuns other)
    {
        (IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after) = (ByOperator(first), ByOperator(other));
        return
        [
            .. before.Keys.Union(after.Keys).Select(name => (name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)))
                .OrderByDescending(one => Math.Abs(one.Item3 - one.Item2)).ThenBy(one => one.name, StringComparer.Ordinal),
        ];
    }

    // A breakdown is that of one GPU of each stage and replica.
    private static double? Factor(ContenderRuns run) => run.Statistics is { OutputTokens: > 0, Breakdown: not null } s
        ? run.Contender.Config.Parallelism.TensorParallel * Tokens / s.OutputTokens
        : null;

    private static string Name(StepOperator op) => op switch
    {
        StepOperator.LatentExpansion or StepOperator.PrefillScores or StepOperator.PrefillValues => "prefill attention",
        StepOperator.DecodeScores or StepOperator.DecodeValues => "decode attention",
        _ => op.Label(),
    };
}
