using LlmSim.Metrics;
using LlmSim.Planning.Objectives;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Uncertainty;
using LlmSim.Workloads;

namespace LlmSim.Planning.Plans;

/// <summary>
/// Finds the cheapest deployment that keeps its goals, and those that cost more and are faster. What does not fit, and what cannot keep an objective
/// even if nothing but the work itself took time, is ruled out first; of the rest each is simulated with the same requests, cheaper ones first.
/// </summary>
public sealed class PlanSearch
{
    private const int MostNearest = 5;

    // What is not faster by as much is no faster.
    private const double RealDifference = 1.02;
    private const long RequestsWhereNotGiven = 10_000;

    private readonly SimulatorConfig _config;
    private readonly ServiceGoal _goal;
    private readonly PlanSpace _space;
    private readonly PlanOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly KeptRequests? _requests;
    private readonly bool _ranksByCost;
    private readonly LatencyObjective _ttft;
    private readonly LatencyObjective _tpot;

    private PlanSearch(SimulatorConfig config, ServiceGoal goal, PlanSpace space, PlanOptions options, CancellationToken cancellation)
    {
        WorkloadSpec workload = Workload(config);
        _config = config with { Workload = workload, StepByStep = false };
        _goal = goal;
        _ttft = Shown(goal, LatencyMeasure.FirstToken);
        _tpot = Shown(goal, LatencyMeasure.PerOutputToken);
        _space = space;
        _options = options;
        _cancellation = cancellation;
        _ranksByCost = space.Gpus.All(gpu => options.Prices.Of(gpu) is not null);

        // Conversations depend on answers, clients on each other: such requests are drawn anew in every run, and always the same.
        _requests = workload.Sessions is null && workload.MaxConcurrency is null ? KeptRequests.Of(RequestSources.Create(_config.Workload, config.Seed)) : null;
    }

    /// <summary>Plans.</summary>
    /// <param name="config">The scenario; its GPUs, layout and price are what is looked for.</param>
    /// <param name="goal">What is to be kept.</param>
    /// <param name="space">Among what to choose.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Stops between runs.</param>
    /// <exception cref="ConfigException">Requests cannot be read, or no deployment of the space can be simulated.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static PlanResult Run(
        SimulatorConfig config, ServiceGoal goal, PlanSpace space, PlanOptions? options = null, CancellationToken cancellation = default) =>
        new PlanSearch(config, goal, space, options ?? new PlanOptions(), cancellation).Search();

    /// <summary>The requests that a plan simulates: more than a run where their number is left open, so that percentiles can be told.</summary>
    /// <param name="config">The scenario.</param>
    public static WorkloadSpec Workload(SimulatorConfig config)
    {
        WorkloadSpec workload = config.Workload;
        bool isOpen = workload is { Trace: null, NumRequests: null, DurationSeconds: null, Sessions: null };
        return isOpen ? workload with { NumRequests = RequestsWhereNotGiven } : workload;
    }

    private PlanResult Search()
    {
        PlanCandidate[] all = [.. _space.Candidates(_config)];
        var sieve = PlanSieve.Of(all, _config, _options.Prices, _goal, _options.IsExhaustive ? null : _requests, _options.Threads, _cancellation);
        var ended = new List<PlanOutcome>();
        var cut = new List<(Sieved Deployment, long Ended)>();
        var front = new List<PlanOutcome>();

        // What cheaper ones do is known by the time that it is compared with, so the result does not depend on which of a level is done first.
        foreach (IGrouping<double, Sieved> level in sieve.Fitting.GroupBy(one => Cost(one.Candidate)).OrderBy(level => level.Key))
        {
            Run([.. level], front, ended, cut);
            front = Front(ended);
            _options.Progress?.Invoke(ended.Count + cut.Count, sieve.Fitting.Count);
        }

        if (sieve.Fitting.Count == 0)
        {
            // Somebody wants to know by how much: those with the most GPUs come nearest.
            cut.AddRange(sieve.RuledOut.Select(one => (one, (long)one.Candidate.Gpus)));
        }

        PlanOutcome[] missing = [.. ended.Where(outcome => !outcome.Verdict.IsKept).Concat(Nearest(cut, front)).OrderBy(outcome => outcome.Verdict.Ratio)];
        return new PlanResult
        {
            Goal = _goal,
            Front = front,
            Nearest = [.. missing.Take(MostNearest)],
            CheaperMiss = front.Count == 0 ? null : missing.FirstOrDefault(outcome => Cost(outcome.Candidate) < Cost(front[0].Candidate)),
            Simulated = [.. ended.Concat(missing).Distinct().OrderBy(outcome => Cost(outcome.Candidate))],
            Counts = new PlanCounts(all.Length, all.Length - sieve.Fitting.Count - sieve.RuledOut.Count, sieve.RuledOut.Count,
                sieve.Fitting.Count - ended.Count, ended.Count),
            Prices = [.. _space.Gpus.Select(_options.Prices.Of)],
            RanksByCost = _ranksByCost,
            Sureness = front.Count == 0 || _options.Uncertainty == UncertaintyMode.Off ? null
                : PlanCheck.Of(front[0].Config, _goal, _requests, _options, _cancellation),
        };
    }

    /// <summary>Simulates deployments of one price.</summary>
    private void Run(Sieved[] level, List<PlanOutcome> front, List<PlanOutcome> ended, List<(Sieved Deployment, long Ended)> cut)
    {
        (PlanOutcome? Outcome, long Ended)[] runs = Jobs.Run(
            level.Length, i => Simulate(level[i], _options.IsExhaustive ? null : front), _options.Threads, _cancellation);
        ended.AddRange(runs.Select(run => run.Outcome).OfType<PlanOutcome>());
        cut.AddRange(level.Zip(runs).Where(pair => pair.Second.Outcome is null).Select(pair => (pair.First, pair.Second.Ended)));
    }

    /// <summary>Of the runs that were cut short, those that went on longest, now to their end: they come nearest to keeping the goals.</summary>
    private PlanOutcome[] Nearest(List<(Sieved Deployment, long Ended)> cut, List<PlanOutcome> front)
    {
        double most = front.Count == 0 ? double.PositiveInfinity : Cost(front[0].Candidate);
        Sieved[] nearest =
        [
            .. cut.Where(one => Cost(one.Deployment.Candidate) < most).OrderByDescending(one => one.Ended).Take(MostNearest).Select(one => one.Deployment),
        ];
        return Jobs.Run(nearest.Length, i => Simulate(nearest[i], null).Outcome!, _options.Threads, _cancellation);
    }

    /// <summary>Simulates a deployment; no outcome when the run was cut short as of no use.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="rivals">Cheaper deployments that keep the goals; null to go on to the end in any case.</param>
    private (PlanOutcome? Outcome, long Ended) Simulate(Sieved deployment, List<PlanOutcome>? rivals)
    {
        (PlanCandidate candidate, SimulatorConfig config) = deployment;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        LostCause? lost = rivals is null || _requests is null ? null : new LostCause(_goal, rivals, _ttft, _tpot, _requests.Count, stop);
        LlmInferenceSimulator simulator = Simulator(config);
        simulator.Records = lost;
        SimulationMetrics metrics = simulator.Run(stop.Token);
        _cancellation.ThrowIfCancellationRequested();
        if (stop.IsCancellationRequested)
        {
            return (null, lost!.Ended);
        }

        SimulationStatistics statistics = metrics.ComputeStatistics();
        return (new PlanOutcome(candidate, config, statistics, _goal.Judge(statistics, judgesPace: config.Workload.Trace is null)), statistics.CompletedRequests);
    }

    private LlmInferenceSimulator Simulator(SimulatorConfig config) =>
        _requests is { } kept ? new LlmInferenceSimulator(config).Serve(() => kept.Open()) : new LlmInferenceSimulator(config);

    private double Cost(PlanCandidate candidate) => _ranksByCost ? _options.Prices.Of(candidate.Gpu)!.PerHour * candidate.Gpus : candidate.Gpus;

    /// <summary>
    /// Of those that keep the goals, cheapest first, each that is faster than all before by what repeated runs of a real server do not differ by.
    /// </summary>
    private List<PlanOutcome> Front(IEnumerable<PlanOutcome> outcomes)
    {
        var front = new List<PlanOutcome>();
        foreach (PlanOutcome outcome in outcomes.Where(outcome => outcome.Verdict.IsKept)
            .OrderBy(outcome => Cost(outcome.Candidate)).ThenBy(outcome => outcome.Verdict.Ratio).ThenBy(outcome => outcome.Candidate.Order))
        {
            if (!front.Exists(kept => IsAsFast(kept, outcome, _ttft) && IsAsFast(kept, outcome, _tpot)))
            {
                front.Add(outcome);
            }
        }

        return front;
    }

    private static bool IsAsFast(PlanOutcome kept, PlanOutcome outcome, LatencyObjective by) =>
        by.Seconds(kept.Statistics) <= by.Seconds(outcome.Statistics) * RealDifference;

    /// <summary>The figure that deployments are compared by.</summary>
    internal static LatencyObjective Shown(ServiceGoal goal, LatencyMeasure measure) =>
        goal.Objectives.FirstOrDefault(objective => objective.Measure == measure) ?? new LatencyObjective(measure, 99, Simulation.SimTime.FromSeconds(1));
}
