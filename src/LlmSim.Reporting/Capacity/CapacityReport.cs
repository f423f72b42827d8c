using System.Globalization;
using LlmSim.Metrics;
using LlmSim.Planning.Capacity;
using LlmSim.Planning.Objectives;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Reporting.Capacity;

/// <summary>A capacity on the screen.</summary>
internal static class CapacityReport
{
    // Bounds of the axis of the chart: what lies far above the bound says no more than that it does.
    private const double MostOverBound = 8;

    /// <summary>Prints a capacity.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="config">The scenario.</param>
    /// <param name="result">The capacity.</param>
    /// <param name="chartColumns">Columns of a terminal to draw a chart on; 0 for none.</param>
    public static void Write(TextWriter output, SimulatorConfig config, CapacityResult result, int chartColumns)
    {
        var lines = new List<string>();
        foreach ((string label, string text) in Scenario(config, result.At.Statistics.Engine))
        {
            TextLines.AddWrapped(lines, $"{label,-11}", text);
        }

        TextLines.AddWrapped(lines, "Goal       ", GoalText(result.Goal));
        lines.Add("");
        AddCapacity(lines, result);
        lines.Add("");
        AddCurve(lines, result);
        AddChart(lines, result, chartColumns);
        TextLines.Write(output, lines);
    }

    /// <summary>Prints why no rate keeps the goals, and what could be kept.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="goal">The goals.</param>
    /// <param name="e">Why.</param>
    public static void WriteUnmeetable(TextWriter output, ServiceGoal goal, UnmeetableException e)
    {
        var lines = new List<string>();
        TextLines.AddWrapped(lines, "llmsim: ", $"no rate keeps {GoalText(goal)}.");
        string fails = e.Verdict.Objective is { } worst
            ? $"{worst.Name} fails by most: requests that hardly ever meet need {Ms(worst.Seconds(e.Lowest.Statistics))}, {worst.Limit.Milliseconds:0.###} ms are allowed."
            : $"{e.Verdict.Name} fails even when requests hardly ever meet.";
        TextLines.AddWrapped(lines, "        ", fails);
        if (goal.Objectives.Count > 0)
        {
            TextLines.AddWrapped(lines, "        ",
                $"The nearest that can be kept: {string.Join(", ", goal.Objectives.Select(one => Nearest(one, e.Lowest.Statistics)))}.");
        }

        TextLines.Write(output, lines);
    }

    /// <summary>The goals in words.</summary>
    public static string GoalText(ServiceGoal goal)
    {
        string[] parts =
        [
            .. goal.Objectives.Select(one => $"{one.Name} ≤ {one.Limit.Milliseconds.ToString("0.###", CultureInfo.InvariantCulture)} ms"),
            .. goal.GoodputShare is { } share ? [$"goodput ≥ {share.ToString("0.###%", CultureInfo.InvariantCulture)}"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "the queue keeps pace" : string.Join(", ", parts);
    }

    /// <summary>What was simulated but for its rate, line by line.</summary>
    internal static IEnumerable<(string Label, string Text)> Scenario(SimulatorConfig config, EngineSummary engine) => ConsoleReport.Scenario(config, engine)
        .Select(line => line.Label == "Workload" && config.Workload.Trace is null
            ? (line.Label, $"{Words.OfLengths(config.Workload)}{Words.OfContent(config.Workload)}, seed {config.Seed}")
            : line);

    /// <summary>How sure the capacity is, in words.</summary>
    internal static string Sureness(CapacityResult result)
    {
        string noise = result.Replications == 1
            ? $"this trace of {result.Requests} requests as it is, faster or slower"
            : $"run-to-run noise ±{Words.Percent(result.Noise)} ({result.Replications} x {result.Requests} requests)";
        string error = result.ModelError is { } deviation ? $", model error ±{Words.Percent(deviation * PredictionInterval.Deviations)}" : "";
        return noise + error + (result.IsPrecise ? "" : "; less precise than asked for, runs would be too long");
    }

    /// <summary>What gives out first, in words.</summary>
    internal static string Limit(CapacityResult result)
    {
        string first = result.Above.Verdict switch
        {
            { IsPace: true } => "the queue no longer keeps pace",
            { Objective: { } objective } => $"{objective.Name} is missed",
            GoalVerdict other => $"{other.Name} is missed",
        };
        return $"{FirstToGive.Words(result.Above.Statistics)}: at 5% more {first}. {FirstToGive.Explanation(result.Above.Statistics)}";
    }

    private static void AddCapacity(List<string> lines, CapacityResult result)
    {
        SimulationStatistics at = result.At.Statistics;
        string interval = result.Interval is { } ends ? $" ({Rate(ends.Low)}–{Rate(ends.High)})" : "";
        lines.Add($"Capacity   {Rate(result.RatePerSecond)} {result.Unit}{interval}");
        string cost = at.Cost is { PerMillionOutputTokens: { } price } ? $", {price.ToString("0.00", CultureInfo.InvariantCulture)} a million output tokens" : "";
        TextLines.AddWrapped(lines, "           ", $"{at.OutputTokensPerSecond:0} output tokens/s, GPU busy {Words.Percent(at.GpuUtilization)}, "
            + $"KV cache {Words.Percent(at.KvCacheUsage.Mean)} in use{cost}");
        TextLines.AddWrapped(lines, "Sure       ", (result.Interval is null ? "" : "80% interval: ") + Sureness(result));
        TextLines.AddWrapped(lines, "Gives out  ", Limit(result));
    }

    private static void AddCurve(List<string> lines, CapacityResult result)
    {
        IReadOnlyList<LatencyObjective> shown = Shown(result.Goal);
        lines.Add($"{result.Unit,-16}{string.Concat(shown.Select(one => $"{one.Name,12}"))}{"output tok/s",14}{"GPU busy",10}  kept");
        foreach (CapacityPoint point in result.Curve)
        {
            SimulationStatistics s = point.Statistics;
            string rate = $"{Rate(point.RatePerSecond)}{(point.Share is 1 or > 1.04 and < 1.06 ? $"  {point.Share.ToString("0%", CultureInfo.InvariantCulture)}" : "")}";
            lines.Add($"{rate,-16}{string.Concat(shown.Select(one => $"{Ms(one.Seconds(s)),12}"))}{s.OutputTokensPerSecond,14:0}{Words.Percent(s.GpuUtilization),10}"
                + $"  {(point.Verdict.IsKept ? "yes" : "no")}");
        }

        TextLines.AddWrapped(lines, "", result.Replications == 1 ? $"{result.Runs} runs in all."
            : $"Runs of {result.At.Statistics.TotalRequests} requests at 100% and 105%, drawn anew; {result.Runs} runs in all.");
    }

    /// <summary>The latencies that are shown: those of the objectives, or the tail of TTFT.</summary>
    internal static IReadOnlyList<LatencyObjective> Shown(ServiceGoal goal) => goal.Objectives.Count > 0
        ? goal.Objectives
        : [new LatencyObjective(LatencyMeasure.FirstToken, 99, Simulation.SimTime.FromSeconds(1))];

    /// <summary>The latency that is drawn: the one that is missed first, or the first there is.</summary>
    internal static LatencyObjective Drawn(CapacityResult result) => result.Above.Verdict.Objective ?? Shown(result.Goal)[0];

    private static void AddChart(List<string> lines, CapacityResult result, int columns)
    {
        LatencyObjective drawn = Drawn(result);
        double? bound = result.Goal.Objectives.Count > 0 ? drawn.Limit.Milliseconds : null;
        (double X, double Y)[] points =
        [
            .. result.Curve.Select(point => (point.RatePerSecond, drawn.Seconds(point.Statistics) * 1e3)).Where(point => double.IsFinite(point.Item2))
                .Select(point => (point.RatePerSecond, bound is { } limit ? Math.Min(point.Item2, MostOverBound * limit) : point.Item2)),
        ];
        var chart = new TerminalChart($"{drawn.Name}, ms", result.Unit) { Points = points, Bound = bound, IsLog = true };
        if (chart.Lines(columns) is { Count: > 0 } drawing)
        {
            lines.Add("");
            lines.AddRange(drawing);
        }
    }

    /// <summary>An objective as it is kept, or the nearest to it that a run would keep.</summary>
    internal static string Nearest(LatencyObjective objective, SimulationStatistics run)
    {
        double needed = objective.Seconds(run);
        return needed <= objective.Limit.Seconds ? $"{objective}"
            : double.IsFinite(needed) ? $"{objective.Name}:{Math.Ceiling(needed * 1e3).ToString(CultureInfo.InvariantCulture)}ms"
            : $"{objective.Name} not at all";
    }

    internal static string Ms(double seconds) => double.IsFinite(seconds)
        ? $"{(seconds * 1e3).ToString(seconds >= 0.1 ? "0" : "0.0", CultureInfo.InvariantCulture)} ms"
        : "–";

    internal static string Rate(double rate) => rate.ToString(rate >= 99.95 ? "0.0" : rate >= 0.0995 ? "0.00" : "0.0000", CultureInfo.InvariantCulture);
}
