using System.Globalization;
using LlmSim.Metrics;
using LlmSim.Planning.Objectives;
using LlmSim.Planning.Plans;
using LlmSim.Reporting.Capacity;
using LlmSim.Specs;

namespace LlmSim.Reporting.Plans;

/// <summary>A plan on the screen.</summary>
internal static class PlanReport
{
    /// <summary>Prints a plan that found a deployment.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="config">The scenario that it was made for.</param>
    /// <param name="plan">The plan. Its front is not empty.</param>
    /// <param name="benchFile">File with the very requests, for the benchmark's line.</param>
    public static void Write(TextWriter output, SimulatorConfig config, PlanResult plan, string benchFile)
    {
        var lines = new List<string>();
        AddQuestion(lines, config, plan);
        PlanOutcome best = plan.Front[0];
        TextLines.AddWrapped(lines, "Cheapest   ", $"{Words.OfDeployment(best)}{Price(best, plan)}");
        TextLines.AddWrapped(lines, "Because    ", Reason(plan));
        TextLines.AddWrapped(lines, "Binds      ", Binding(best));
        if (Sure(plan) is { } sure)
        {
            TextLines.AddWrapped(lines, "Sure       ", sure);
        }

        if (best.Candidate.WeightType is { } type)
        {
            TextLines.AddWrapped(lines, "Mind       ", $"{Words.Of(type)} weights change the model's answers a little; --weight-types published leaves them as they are.");
        }

        lines.Add("");
        AddFront(lines, plan);
        for (int i = 0; i < plan.Front.Count; i++)
        {
            AddServer(lines, plan.Front[i], i, config.Model);
        }

        AddBench(lines, plan, benchFile);

        TextLines.Write(output, lines);
    }

    /// <summary>Prints why nothing keeps the goals, and what comes nearest.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="config">The scenario.</param>
    /// <param name="plan">The plan. Its front is empty.</param>
    public static void WriteUnmeetable(TextWriter output, SimulatorConfig config, PlanResult plan)
    {
        var lines = new List<string>();
        AddQuestion(lines, config, plan);
        TextLines.AddWrapped(lines, "llmsim: ", "no deployment of these keeps the goals.");
        foreach (PlanOutcome near in plan.Nearest)
        {
            TextLines.AddWrapped(lines, "        ", $"{Words.OfDeployment(near)}: {Miss(near)}.");
        }

        string[] reachable = [.. plan.Goal.Objectives.Select(one => CapacityReport.Nearest(one, plan.Nearest[0].Statistics))];
        TextLines.AddWrapped(lines, "        ", reachable.Length > 0
            ? $"The first of them would keep {string.Join(',', reachable)}." : "Allow more GPUs, or a lower rate.");

        TextLines.Write(output, lines);
    }

    /// <summary>Why the cheapest is the cheapest.</summary>
    internal static string Reason(PlanResult plan)
    {
        PlanCounts counts = plan.Counts;
        string by = plan.RanksByCost ? "cost" : "number of GPUs, for want of a price of each kind";
        string found = $"of {counts.All} deployments {counts.DoNotFit} do not fit and {counts.RuledOut} cannot keep up at the best of times; of the others {counts.CutShort} "
            + $"were simulated until they had missed an objective or were no faster than a cheaper one, {counts.Simulated} to the end. By {by} this is the first that keeps the goals.";
        return plan.CheaperMiss is { } miss ? $"{found} The nearest of what is cheaper, {Words.OfDeployment(miss)}, {Miss(miss)}."
            : $"{found} Nothing simulated is cheaper.";
    }

    /// <summary>What the deployment comes nearest to missing, and what limits it.</summary>
    internal static string Binding(PlanOutcome outcome)
    {
        GoalVerdict verdict = outcome.Verdict;
        string near = verdict.Objective is { } objective
            ? $"{verdict.Name} is at {Percent(verdict.Ratio)} of its bound ({CapacityReport.Ms(objective.Seconds(outcome.Statistics))}). " : "";
        return near + outcome.Statistics.Bottleneck.Explanation;
    }

    /// <summary>How sure the choice is; null when that was not asked for.</summary>
    internal static string? Sure(PlanResult plan) => plan.Sureness is not { } sure ? null
        : $"goals are kept in {sure.Kept} of {sure.Draws} draws of the model's errors"
            + (sure.MostPerSecond is { } most ? $"; as things are, up to {CapacityReport.Rate(most)} {sure.Unit}." : ".");

    private static void AddQuestion(List<string> lines, SimulatorConfig config, PlanResult plan)
    {
        TextLines.AddWrapped(lines, "Model      ", $"{config.Model.Name}, {Words.Of(config.Model.WeightType)} weights as published");
        TextLines.AddWrapped(lines, "Workload   ", ConsoleReport.WorkloadText(config));
        TextLines.AddWrapped(lines, "Goal       ", CapacityReport.GoalText(plan.Goal));
        GpuPrice[] prices = [.. plan.Prices.OfType<GpuPrice>()];
        string priced = prices.Length == 0 ? "none known"
            : string.Join(", ", prices.Select(price => $"{price.Gpu} {price.PerHour.ToString("0.00", CultureInfo.InvariantCulture)}"))
                + $" {prices[0].Currency} a GPU-hour ({string.Join("; ", prices.Select(price => $"{price.Source}, {price.Date}").Distinct())})";
        TextLines.AddWrapped(lines, "Prices     ", priced);
        lines.Add("");
    }

    private static void AddFront(List<string> lines, PlanResult plan)
    {
        LatencyObjective ttft = PlanSearch.Shown(plan.Goal, LatencyMeasure.FirstToken), tpot = PlanSearch.Shown(plan.Goal, LatencyMeasure.PerOutputToken);
        lines.Add("No other deployment is as cheap and as fast as one of these:");
        lines.Add($" #  per hour  per M out  GPUs{ttft.Name,12}{tpot.Name,12}  out tok/s");
        for (int i = 0; i < plan.Front.Count; i++)
        {
            PlanOutcome outcome = plan.Front[i];
            SimulationStatistics s = outcome.Statistics;
            lines.Add($"{i + 1,2}{Money(outcome.PerHour),10}{Money(s.Cost?.PerMillionOutputTokens),11}{outcome.Candidate.Gpus,6}"
                + $"{CapacityReport.Ms(ttft.Seconds(s)),12}{CapacityReport.Ms(tpot.Seconds(s)),12}{s.OutputTokensPerSecond,11:0}");
            TextLines.AddWrapped(lines, "     ", Words.OfDeployment(outcome));
        }
    }

    private static void AddServer(List<string> lines, PlanOutcome outcome, int i, ModelSpec published)
    {
        lines.Add("");
        TextLines.AddWrapped(lines, $"#{i + 1} ", Words.OfDeployment(outcome));
        AddCommand(lines, VllmCommands.Serve(outcome, published));
        if (VllmCommands.NodesPerServer(outcome.Config) is > 1 and int nodes)
        {
            lines.Add($"    (over {nodes} nodes that Ray joins)");
        }

        if (VllmCommands.Servers(outcome.Config) is > 1 and int servers)
        {
            lines.Add($"    ({servers} such servers, with a load balancer in front)");
        }

    }

    // The same for all: it is the load.
    private static void AddBench(List<string> lines, PlanResult plan, string benchFile)
    {
        lines.Add("");
        lines.Add("Each of them is checked by");
        AddCommand(lines, VllmCommands.Bench(plan.Front[0], plan.Goal, benchFile));
        if (!VllmCommands.IsPlain(plan.Front[0].Config.Workload))
        {
            lines.Add($"    ({benchFile} is written by llmsim plan … --bench-trace {benchFile})");
        }
    }

    private static void AddCommand(List<string> lines, IReadOnlyList<string> flags)
    {
        string line = "  ";
        for (int i = 0; i < flags.Count; i++)
        {
            bool isLast = i == flags.Count - 1;
            if (i > 0 && line.Length + flags[i].Length + (isLast ? 0 : 2) > 79)
            {
                lines.Add($"{line}\\");
                line = "    ";
            }

            line += isLast ? flags[i] : $"{flags[i]} ";
        }

        lines.Add(line);
    }

    /// <summary>By how much a deployment misses its goals.</summary>
    internal static string Miss(PlanOutcome outcome)
    {
        GoalVerdict verdict = outcome.Verdict;
        return verdict.Objective is { } objective && double.IsFinite(verdict.Ratio)
                ? $"misses {verdict.Name} by {(verdict.Ratio < 10 ? Percent(verdict.Ratio - 1) : $"a factor of {verdict.Ratio:0}")} ({CapacityReport.Ms(objective.Seconds(outcome.Statistics))} of {CapacityReport.Ms(objective.Limit.Seconds)})"
            : verdict.IsPace ? "does not keep pace with the requests"
            : $"misses {verdict.Name}";
    }

    private static string Price(PlanOutcome outcome, PlanResult plan)
    {
        string currency = plan.Prices.OfType<GpuPrice>().Select(price => price.Currency).FirstOrDefault("");
        return outcome.PerHour is not { } hour ? ""
            : $": {Money(hour)} {currency} an hour, {Money(outcome.Statistics.Cost?.PerMillionOutputTokens)} a million output tokens";
    }

    internal static string Money(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    private static string Percent(double share) => share.ToString("0%", CultureInfo.InvariantCulture);
}
