using System.Collections.Concurrent;
using LlmSim.Costs;
using LlmSim.Planning.Objectives;
using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Planning.Plans;

/// <summary>What of a plan's space is worth simulating.</summary>
/// <param name="Fitting">What fits and may keep the objectives.</param>
/// <param name="RuledOut">What fits and cannot keep them even if nothing but the work itself took time.</param>
internal sealed record PlanSieve(IReadOnlyList<Sieved> Fitting, IReadOnlyList<Sieved> RuledOut)
{
    /// <summary>Sieves candidates.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="config">The scenario that they are variants of.</param>
    /// <param name="prices">Prices of GPUs.</param>
    /// <param name="goal">What is to be kept.</param>
    /// <param name="requests">The requests; null to rule out nothing but what does not fit.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="ConfigException">Nothing fits.</exception>
    public static PlanSieve Of(
        IReadOnlyList<PlanCandidate> candidates, SimulatorConfig config, PriceTable prices, ServiceGoal goal, KeptRequests? requests,
        CancellationToken cancellation)
    {
        var fitting = new List<Sieved>();
        var ruledOut = new List<Sieved>();
        var problems = new List<ConfigProblem>();

        // Replicas of one engine are alike, and so are its bounds and its kernels' times.
        foreach (IGrouping<PlanCandidate, PlanCandidate> engine in candidates.GroupBy(candidate => candidate with { Replicas = 1, Order = 0 }))
        {
            cancellation.ThrowIfCancellationRequested();
            SimulatorConfig one = engine.Key.Apply(config, prices.Of(engine.Key.Gpu)?.PerHour) with
            {
                SharedTimes = new ConcurrentDictionary<ModelStage, FamilyTimes>(),
            };
            IReadOnlyList<ConfigProblem> wrong = ConfigValidator.Validate(one);
            problems.AddRange(wrong);
            if (wrong.Count > 0 || Deployment.TryResolve(one, problems) is not { } deployment)
            {
                continue;
            }

            EngineBounds? least = requests is null ? null : EngineBounds.Of(deployment);
            WorkloadBounds? work = requests is null ? null : new WorkloadBounds(requests.All, Longest(deployment.Limits));
            foreach (PlanCandidate candidate in engine)
            {
                bool isHopeless = work is not null && goal.Objectives.Any(objective => work.RulesOut(objective, least!, candidate.Replicas));
                var sieved = new Sieved(candidate, one with { Parallelism = one.Parallelism with { DataParallel = candidate.Replicas } });
                (isHopeless ? ruledOut : fitting).Add(sieved);
            }
        }

        return fitting.Count + ruledOut.Count > 0 ? new PlanSieve(fitting, ruledOut) : throw new ConfigException(Reasons(problems));
    }

    private static long Longest(EngineLimits limits) => Math.Min(limits.MaxModelLen, (long)limits.UsableBlocks * limits.BlockSize);

    // Of each kind the last, which is that of the largest deployment.
    private static ConfigProblem[] Reasons(List<ConfigProblem> problems) => problems.Count > 0
        ? [.. problems.GroupBy(problem => problem.Field).Select(same => same.Last())]
        : [new ConfigProblem("--max-gpus", "no deployment", "at least one deployment to choose from",
            "No tensor and pipeline parallelism of those given takes so few GPUs; allow more GPUs, or smaller degrees.")];
}
