using LlmSim.Metrics;
using LlmSim.Specs;

namespace LlmSim.Planning.Objectives;

/// <summary>What a deployment is to keep, at the least: that its queue does not grow for ever.</summary>
/// <param name="Objectives">Bounds on latencies; may be empty.</param>
/// <param name="GoodputShare">
/// Share of requests, from 0 to 1, that must keep the scenario's own objectives all at once; null for none. Those that fail are above it.
/// </param>
public sealed record ServiceGoal(IReadOnlyList<LatencyObjective> Objectives, double? GoodputShare = null)
{
    private const string GoodputName = "goodput";

    /// <summary>Name of the goal that the queue keep pace with the requests.</summary>
    public const string PaceName = "pace";

    /// <summary>Whether requests must keep it one by one, so that the scenario needs objectives of its own.</summary>
    public bool NeedsRequestObjectives => GoodputShare is not null;

    /// <summary>Judges a run.</summary>
    /// <param name="statistics">Its figures.</param>
    /// <param name="judgesPace">Whether the queue must keep pace: not where requests are a trace, which comes to its end.</param>
    public GoalVerdict Judge(SimulationStatistics statistics, bool judgesPace = true)
    {
        var worst = new GoalVerdict(PaceName, null, double.NegativeInfinity, IsPace: true);
        foreach (LatencyObjective objective in Objectives)
        {
            double ratio = objective.Ratio(statistics);
            worst = worst.Or(new GoalVerdict(objective.Name, objective, ratio));
        }

        if (GoodputShare is { } share)
        {
            double missed = 1 - (statistics.Goodput?.Share ?? 0);
            worst = worst.Or(new GoalVerdict(GoodputName, null, share < 1 ? missed / (1 - share) : missed > 0 ? double.PositiveInfinity : 0));
        }

        // Whatever latencies a run shows whose queue grows, a longer one would show longer ones.
        return judgesPace && worst.IsKept && statistics.Queue is { IsBeyondCapacity: true } queue
            ? new GoalVerdict(PaceName, null, 1 + (queue.GrowthPerSecond / queue.ArrivalsPerSecond), IsPace: true)
            : worst;
    }

    /// <summary>The limits of single requests that bounds on latencies stand for: what goodput is counted by.</summary>
    /// <exception cref="ConfigException">One of them is not about single requests.</exception>
    /// <param name="field">The flag that asks for goodput, for messages.</param>
    public SloSpec RequestObjectives(string field)
    {
        var slo = new SloSpec();
        var problems = new List<ConfigProblem>();
        foreach (LatencyObjective objective in Objectives)
        {
            double limit = objective.Limit.Milliseconds;
            switch (objective.Measure)
            {
                case LatencyMeasure.FirstToken:
                    slo = slo with { TtftMilliseconds = Math.Min(slo.TtftMilliseconds ?? limit, limit) };
                    break;
                case LatencyMeasure.PerOutputToken:
                    slo = slo with { TpotMilliseconds = Math.Min(slo.TpotMilliseconds ?? limit, limit) };
                    break;
                case LatencyMeasure.EndToEnd:
                    slo = slo with { E2elMilliseconds = Math.Min(slo.E2elMilliseconds ?? limit, limit) };
                    break;
                default:
                    problems.Add(new ConfigProblem(field, objective.Name, "objectives that a single request keeps or not: ttft, tpot, e2el",
                        "Leave that objective or the goodput out."));
                    break;
            }
        }

        if (problems.Count == 0 && !slo.IsSet)
        {
            problems.Add(new ConfigProblem(field, "no objectives", "objectives that requests keep or not",
                "Name them with --slo, or in the scenario under objectives."));
        }

        return problems.Count == 0 ? slo : throw new ConfigException(problems);
    }
}
