using System.Collections.Concurrent;
using LlmSim.Costs;
using LlmSim.Planning.Objectives;
using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Planning.Plans;

/// <summary>What of a plan's space is worth simulating.</summary>
/// <param name="Fitting">What fits and may keep the objectives.</param>
/// <param name="RuledOut">What fits and cannot keep them even if nothing but the work itself took time.</param>
/// <param name="Problems">Why the rest cannot run; empty where anything can.</param>
internal sealed record PlanSieve(IReadOnlyList<Sieved> Fitting, IReadOnlyList<Sieved> RuledOut, IReadOnlyList<ConfigProblem> Problems)
{
    /// <summary>Sieves candidates.</summary>
    /// <param name="candidates">The candidates.</param>
    /// <param name="config">The scenario that they are variants of.</param>
    /// <param name="prices">Prices of GPUs.</param>
    /// <param name="goal">What is to be kept.</param>
    /// <param name="requests">The requests; null to rule out nothing but what does not fit.</param>
    /// <param name="threads">Most threads; −1 for as many as there are cores.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="ConfigException">Nothing fits.</exception>
    public static PlanSieve Of(
        IReadOnlyList<PlanCandidate> candidates, SimulatorConfig config, PriceTable prices, ServiceGoal goal, KeptRequests? requests,
        int threads, CancellationToken cancellation)
    {
        // Replicas of one engine are alike, and so are its bounds and its kernels' times.
        IGrouping<PlanCandidate, PlanCandidate>[] engines = [.. candidates.GroupBy(candidate => candidate with { Replicas = 1, Order = 0 })];
        var works = new ConcurrentDictionary<long, WorkloadBounds>();
        PlanSieve[] sieves = Jobs.Run(engines.Length, i => Of(engines[i].Key, engines[i], config, prices, goal, requests, works), threads, cancellation);
        var all = new PlanSieve([.. sieves.SelectMany(one => one.Fitting)], [.. sieves.SelectMany(one => one.RuledOut)], []);
        return all.Fitting.Count + all.RuledOut.Count > 0 ? all : throw new ConfigException(Reasons([.. sieves.SelectMany(one => one.Problems)]));
    }

    /// <summary>Sieves the replicas of one engine.</summary>
    private static PlanSieve Of(
        PlanCandidate engine, IEnumerable<PlanCandidate> replicas, SimulatorConfig config, PriceTable prices, ServiceGoal goal, KeptRequests? requests,
        ConcurrentDictionary<long, WorkloadBounds> works)
    {
        SimulatorConfig one = engine.Apply(config, prices.Of(engine.Gpu)?.PerHour) with
        {
            SharedTimes = new ConcurrentDictionary<ModelStage, FamilyTimes>(),
        };
        List<ConfigProblem> problems = [.. ConfigValidator.Validate(one)];
        if (problems.Count > 0 || Deployment.TryResolve(one, problems) is not { } deployment)
        {
            return new PlanSieve([], [], problems);
        }

        EngineBounds? least = requests is null ? null : EngineBounds.Of(deployment);
        WorkloadBounds? work = requests is null ? null : works.GetOrAdd(Longest(deployment.Limits), longest => new WorkloadBounds(requests.All, longest));
        ILookup<bool, Sieved> sieved = replicas.ToLookup(
            candidate => work is not null && goal.Objectives.Any(objective => work.RulesOut(objective, least!, candidate.Replicas)),
            candidate => new Sieved(candidate, one with { Parallelism = one.Parallelism with { DataParallel = candidate.Replicas } }));
        return new PlanSieve([.. sieved[false]], [.. sieved[true]], []);
    }

    private static long Longest(EngineLimits limits) => Math.Min(limits.MaxModelLen, (long)limits.UsableBlocks * limits.BlockSize);

    // Of each kind the last, which is that of the largest deployment.
    private static ConfigProblem[] Reasons(List<ConfigProblem> problems) => problems.Count > 0
        ? [.. problems.GroupBy(problem => problem.Field).Select(same => same.Last())]
        : [new ConfigProblem("--max-gpus", "no deployment", "at least one deployment to choose from",
            "No --tp of those given divides the model and, times --pp, is so few GPUs; allow more GPUs, or other degrees.")];
}
