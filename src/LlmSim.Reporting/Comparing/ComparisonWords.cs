using System.Globalization;
using LlmSim.Costs;
using LlmSim.Planning.Comparing;

namespace LlmSim.Reporting.Comparing;

/// <summary>A comparison in words: what is compared, what is to be known of it, and what causes the differences.</summary>
internal static class ComparisonWords
{
    private const int MostOperators = 3;
    private const int MostErrors = 2;

    // What makes less than this share of a change is not named.
    private const double Noticeable = 0.03;

    /// <summary>A verdict in a word.</summary>
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Better => "better",
        Verdict.Worse => "worse",
        Verdict.More => "more",
        Verdict.Less => "less",
        Verdict.None => "none",
        _ => "–",
    };

    /// <summary>A change in percent, or as a factor where it is a hundredfold; nothing for null.</summary>
    public static string Percent(double? change) => change is not { } share ? ""
        : share >= 99.5 ? (1 + share).ToString("'x'0", CultureInfo.InvariantCulture)
        : share.ToString(Math.Abs(share) < 0.9995 ? "+0.0%;-0.0%;0.0%" : "+0%;-0%", CultureInfo.InvariantCulture);

    /// <summary>The interval of a change; nothing where there is none.</summary>
    public static string Interval(Difference difference) => difference is { Low: { } low, High: { } high }
        ? $"{Percent(low).TrimEnd('%')} to {Percent(high)}" : difference.Verdict == Verdict.NotSteady ? "not steady" : "";

    /// <summary>A figure in its own unit, with as many digits as say something.</summary>
    public static string Number(double value) => value.ToString(
        value == 0 ? "0" : value < 0.09995 ? "0.0000" : value < 0.9995 ? "0.000" : value < 9999.995 ? "0.00" : value < 99999.95 ? "0.0" : "0", CultureInfo.InvariantCulture);

    /// <summary>A contender in a line.</summary>
    public static string Of(Contender contender)
    {
        var config = contender.Config;
        return $"{contender.Name}: {config.Model.Name} on {config.Cluster.GpuCount ?? config.Parallelism.Gpus} x {config.Cluster.Gpu.Name}, "
            + $"{Words.Of(config.Parallelism)}, {config.Engine}";
    }

    /// <summary>What a key is set to in each scenario.</summary>
    public static string Of(KeyDifference key, IReadOnlyList<ContenderRuns> runs) =>
        $"{key.Key}: {string.Join(", ", key.Values.Select((value, i) => $"{runs[i].Contender.Letter} {value}"))}";

    /// <summary>Which requests they serve.</summary>
    public static string Requests(ScenarioComparison comparison)
    {
        ContenderRuns first = comparison.Runs[0];
        string workload = ConsoleReport.Scenario(first.Contender.Config, first.Statistics.Engine).Last().Text;
        string seeds = comparison.Runs.Any(run => run.Contender.OwnSeed != first.Contender.OwnSeed)
            ? "; other seeds in the files are not used" : "";
        return comparison.HasSameWorkload ? $"the same for all: {workload}{seeds}"
            : $"the workloads differ, so requests do, but the random numbers behind them are the same; A: {workload}{seeds}";
    }

    /// <summary>What is to be known before the figures are trusted, a sentence each.</summary>
    public static IEnumerable<string> Warnings(ScenarioComparison comparison)
    {
        foreach (ContenderRuns run in comparison.Runs)
        {
            string name = run.Contender.Letter;
            if (run is { IsOverloaded: true, Statistics.Queue: { } queue })
            {
                yield return $"{name} is beyond capacity: {queue.ArrivalsPerSecond:0.##} requests/s came, {queue.StartsPerSecond:0.##}/s were started. Its latencies "
                    + "grow with the length of the run, so no difference of latencies has a size.";
            }
            else if (run.DrawsBeyondCapacity is > 0 and int draws)
            {
                yield return $"{name} is near capacity: in {draws} of {run.Drawn!.Draws} draws of the model's errors it is beyond.";
            }

            long failed = run.Statistics.RejectedRequests + run.Statistics.AbortedRequests;
            if (failed > 0)
            {
                yield return $"{name} left {failed} of {run.Statistics.TotalRequests} requests without an answer; latencies are those of the others.";
            }
        }

        if (comparison.Runs[0].Replications.Count == 0)
        {
            yield return "The trace is too short to tell how much is chance: intervals are without run-to-run noise.";
        }
    }

    /// <summary>What causes the differences between the first and another, a sentence each.</summary>
    public static IEnumerable<string> Causes(ScenarioComparison comparison, int other)
    {
        (ContenderRuns a, ContenderRuns b) = (comparison.Runs[0], comparison.Runs[other]);
        bool areSteady = !a.IsOverloaded && !b.IsOverloaded && a.Statistics.CompletedRequests > 0 && b.Statistics.CompletedRequests > 0;
        if (areSteady && Latency(a, b) is { } latency)
        {
            yield return latency;
        }

        if (GpuTimes(a, b) is { } times)
        {
            yield return times;
        }

        if (a.Statistics.Bottleneck.Kind != b.Statistics.Bottleneck.Kind || MostOf(a) != MostOf(b))
        {
            yield return $"{a.Contender.Letter}: {a.Statistics.Bottleneck.Explanation}";
            yield return $"{b.Contender.Letter}: {b.Statistics.Bottleneck.Explanation}";
        }
    }

    /// <summary>What the interval of mean end-to-end latency consists of; null where there is none.</summary>
    public static string? Parts(DifferenceIntervals intervals)
    {
        ComparedFigure figure = ComparedFigure.All.Single(one => one.Key == "e2el_mean");
        if (intervals.Of(figure) is not { Low: not null } difference)
        {
            return null;
        }

        const double deviations = 1.96;
        (string Name, double Effect)[] errors =
        [
            .. (intervals.Effects(figure) ?? []).OrderByDescending(error => error.Effect).Take(MostErrors)
                .Where(error => error.Effect * deviations >= 0.0005),
        ];
        string most = errors.Length == 0 ? "" : $" ({string.Join(", ", errors.Select(error => $"{error.Name} ±{error.Effect * deviations:0.0%}"))})";
        string model = intervals.HasModelError ? $", model error ±{difference.Model:0.0%}{most}" : "";
        return $"run-to-run noise ±{difference.Noise:0.0%}{model} of mean E2EL's change";
    }

    private static string? Latency(ContenderRuns a, ContenderRuns b)
    {
        double change = b.Statistics.EndToEndLatency.Mean.Seconds - a.Statistics.EndToEndLatency.Mean.Seconds;
        (string Name, double Change)[] parts = [.. LatencyPart.All.Select(part => (part.Name, part.Of(b.Statistics) - part.Of(a.Statistics)))];
        double all = parts.Sum(part => Math.Abs(part.Change));
        return Math.Round(change * 1e5) == 0 ? null
            : $"Mean E2EL {Milliseconds(change)}: " + string.Join(", ", parts.Where(part => Math.Abs(part.Change) >= Noticeable * all)
                .OrderByDescending(part => Math.Abs(part.Change)).Select(part => $"{part.Name} {Milliseconds(part.Change)}")) + ".";
    }

    private static string? GpuTimes(ContenderRuns a, ContenderRuns b)
    {
        if (GpuTime.Total(a) is not { } before || GpuTime.Total(b) is not { } after)
        {
            return null;
        }

        var changes = GpuTime.Changes(a, b);
        double all = changes.Sum(one => Math.Abs(one.After - one.Before));
        string most = string.Join(", ", changes.Take(MostOperators).Where(one => Math.Abs(one.After - one.Before) >= Noticeable * all)
            .Select(one => $"{one.Name} {Milliseconds(one.After - one.Before)} ({one.Before / before:0%} of A's to {one.After / after:0%} of {b.Contender.Letter}'s)"));
        return all < 1e-3 * before ? null
            : $"GPU time per 1,000 output tokens {Number(before * 1e3)} to {Number(after * 1e3)} ms: {most}.";
    }

    private static CostClass? MostOf(ContenderRuns run) =>
        run.Statistics.Breakdown is { TotalSeconds: > 0 } cost ? Enum.GetValues<CostClass>().MaxBy(cost.Seconds) : null;

    private static string Milliseconds(double seconds) =>
        (seconds * 1e3).ToString(Math.Abs(seconds) < 0.00995 ? "+0.00;-0.00" : Math.Abs(seconds) < 0.0995 ? "+0.0;-0.0" : "+0;-0", CultureInfo.InvariantCulture) + " ms";
}
