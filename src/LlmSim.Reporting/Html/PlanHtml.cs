using System.Globalization;
using System.Net;
using System.Text;
using LlmSim.Metrics;
using LlmSim.Planning.Objectives;
using LlmSim.Planning.Plans;
using LlmSim.Reporting.Capacity;
using LlmSim.Reporting.Plans;
using LlmSim.Specs;

namespace LlmSim.Reporting.Html;

/// <summary>
/// A plan as a page: the cheapest deployment and why, those that cost more and are faster, and the command lines of each, which a click on its dot or
/// its button copies.
/// </summary>
internal static class PlanHtml
{
    private static readonly string[] Colors = ["simulated", "measured", "c3", "c4", "c5"];

    /// <summary>Gives the page as UTF-8.</summary>
    /// <param name="config">The scenario that it was made for.</param>
    /// <param name="plan">The plan. Its front is not empty.</param>
    /// <param name="benchFile">File with the very requests, for the benchmark's line.</param>
    /// <param name="version">Version of the simulator.</param>
    public static byte[] ToUtf8(SimulatorConfig config, PlanResult plan, string benchFile, string version)
    {
        PlanOutcome best = plan.Front[0];
        var page = new HtmlPage($"{config.Model.Name}: {Words.OfDeployment(best)}", $"The cheapest deployment with {CapacityReport.GoalText(plan.Goal)}");
        page.Paragraph($"Why this one: {PlanReport.Reason(plan)}");
        page.Paragraph(PlanReport.Binding(best));
        page.Tiles(Tiles(plan));
        if (PlanReport.Sure(plan) is { } sure)
        {
            page.Paragraph($"How sure: {sure}", isSoft: true);
        }

        page.Section("Choices");
        page.Charts(Charts(plan));
        page.Table(Rows(plan));
        page.Section("Command lines");
        page.Own(Commands(config, plan, benchFile), "plan.js");
        page.Section("Asked for");
        page.List([ConsoleReport.WorkloadText(config), .. plan.Prices.OfType<GpuPrice>().Select(Price)]);
        return page.ToUtf8($"llmsim {version} plan, seed {config.Seed}");
    }

    private static IEnumerable<FigureTile> Tiles(PlanResult plan)
    {
        PlanOutcome best = plan.Front[0];
        SimulationStatistics s = best.Statistics;
        string currency = plan.Prices.OfType<GpuPrice>().Select(price => price.Currency).FirstOrDefault("");
        if (s.Cost is { } cost)
        {
            yield return new FigureTile("All GPUs for an hour", PlanReport.Money(cost.PerHour), currency);
            yield return new FigureTile("A million output tokens", PlanReport.Money(cost.PerMillionOutputTokens), currency);
        }

        yield return new FigureTile("GPUs", $"{best.Candidate.Gpus}", best.Candidate.Gpu.Name);
        foreach (LatencyObjective objective in Figures(plan.Goal))
        {
            yield return new FigureTile(objective.Name, HtmlNumber.Short(objective.Seconds(s) * 1e3), "ms")
            {
                Note = plan.Goal.Objectives.Contains(objective) ? $"at most {objective.Limit.Milliseconds:0.###} ms" : null,
            };
        }

        yield return new FigureTile("Output", HtmlNumber.Short(s.OutputTokensPerSecond), "tokens/s");
        if (plan.Sureness is { MostPerSecond: { } most, Unit: var unit })
        {
            yield return new FigureTile("Could serve", CapacityReport.Rate(most), unit);
        }
    }

    private static IEnumerable<Chart> Charts(PlanResult plan) => new[] { LatencyMeasure.FirstToken, LatencyMeasure.PerOutputToken }
        .Select(measure => Front(plan, PlanSearch.Shown(plan.Goal, measure)));

    private static Chart Front(PlanResult plan, LatencyObjective by)
    {
        bool hasCost = plan.RanksByCost;
        string[] gpus = [.. plan.Front.Select(outcome => outcome.Candidate.Gpu.Name).Distinct().Take(Colors.Length)];
        string axis = hasCost ? $"{plan.Prices.OfType<GpuPrice>().First().Currency} for a million output tokens" : "GPUs";
        return new Chart
        {
            Title = $"{by.Name} against {(hasCost ? "cost" : "GPUs")}",
            Description = string.Join("; ", plan.Front.Select(outcome => $"{Words.OfDeployment(outcome)} {HtmlNumber.Short(by.Seconds(outcome.Statistics) * 1e3)} ms")) + ".",
            X = new ChartAxis(axis, hasCost ? "" : "GPUs"),
            Y = new ChartAxis("ms", "ms") { Least = 0 },
            Series = [.. gpus.Select((gpu, i) => new ChartSeries(gpu, ChartKind.Dots, 1, 2 + i, Colors[i]) { IsBroad = true, Names = 0 })],
            Data = new HtmlTable(["deployment", axis, .. gpus.Select(gpu => $"{by.Name} on {gpu}, ms")],
                [.. plan.Front.Select((outcome, i) => (IReadOnlyList<HtmlCell>)
                [
                    Name(i, outcome), HtmlCell.Number(hasCost ? outcome.Statistics.Cost?.PerMillionOutputTokens : outcome.Candidate.Gpus),
                    .. gpus.Select(gpu => HtmlCell.Number(gpu == outcome.Candidate.Gpu.Name ? by.Seconds(outcome.Statistics) * 1e3 : null)),
                ])]),
        };
    }

    private static HtmlTable Rows(PlanResult plan)
    {
        LatencyObjective[] figures = [.. Figures(plan.Goal)];
        return new HtmlTable(
            ["deployment", "per hour", "per million output tokens", "GPUs", .. figures.Select(figure => $"{figure.Name}, ms"), "output tokens/s", "GPU busy"],
            [.. plan.Front.Select((outcome, i) => (IReadOnlyList<HtmlCell>)
            [
                Name(i, outcome), PlanReport.Money(outcome.PerHour), PlanReport.Money(outcome.Statistics.Cost?.PerMillionOutputTokens), $"{outcome.Candidate.Gpus}",
                .. figures.Select(figure => HtmlCell.Number(figure.Seconds(outcome.Statistics) * 1e3)), HtmlCell.Number(outcome.Statistics.OutputTokensPerSecond),
                Words.Percent(outcome.Statistics.GpuUtilization),
            ])]);
    }

    // Those of the objectives, and what deployments are compared by.
    private static IEnumerable<LatencyObjective> Figures(ServiceGoal goal) => goal.Objectives
        .Concat([PlanSearch.Shown(goal, LatencyMeasure.FirstToken), PlanSearch.Shown(goal, LatencyMeasure.PerOutputToken)]).DistinctBy(objective => objective.Name);

    private static string Commands(SimulatorConfig config, PlanResult plan, string benchFile)
    {
        var markup = new StringBuilder("<p class=\"copied soft\" role=\"status\">A click on a dot above, or on a button, copies the server's command line.</p>\n");
        for (int i = 0; i < plan.Front.Count; i++)
        {
            PlanOutcome outcome = plan.Front[i];
            markup.Append(CultureInfo.InvariantCulture, $"<div class=\"commands\" data-name=\"{WebUtility.HtmlEncode(Name(i, outcome))}\">\n<h3>{WebUtility.HtmlEncode(Name(i, outcome))}</h3>\n");
            Add(VllmCommands.Serve(outcome, config.Model));
            if (VllmCommands.Servers(outcome.Config) is > 1 and int servers)
            {
                markup.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">{servers} such servers, with a load balancer in front.</p>\n");
            }

            Add(VllmCommands.Bench(outcome, plan.Goal, benchFile));
            markup.Append("</div>\n");
        }

        return markup.ToString();

        void Add(IReadOnlyList<string> flags) => markup.Append(CultureInfo.InvariantCulture,
            $"<div class=\"command\"><pre tabindex=\"0\">{WebUtility.HtmlEncode(string.Join(" \\\n  ", flags))}</pre><button type=\"button\">copy</button></div>\n");
    }

    private static string Name(int i, PlanOutcome outcome) => $"#{i + 1} {Words.OfDeployment(outcome)}";

    private static string Price(GpuPrice price) => string.Create(CultureInfo.InvariantCulture,
        $"{price.Gpu}: {price.PerHour:0.00} {price.Currency} a GPU-hour ({price.Source}, {price.Date})");
}
