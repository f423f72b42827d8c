using LlmSim.Metrics;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Planning.Comparing;

/// <summary>The same requests through several configurations, and what differs between the first and each other.</summary>
internal sealed class ScenarioComparison
{
    private readonly double _share;

    private ScenarioComparison(IReadOnlyList<ContenderRuns> runs, IReadOnlyList<KeyDifference> keys, double share, UncertaintyMode mode)
    {
        Runs = runs;
        Keys = keys;
        _share = share;
        Mode = mode;
    }

    /// <summary>What was simulated of each, the one that others are compared with first.</summary>
    public IReadOnlyList<ContenderRuns> Runs { get; }

    /// <summary>What the scenarios differ in, seeds apart.</summary>
    public IReadOnlyList<KeyDifference> Keys { get; }

    /// <summary>How the model's errors were carried through.</summary>
    public UncertaintyMode Mode { get; }

    /// <summary>Whether all serve the same requests.</summary>
    public bool HasSameWorkload => !Keys.Any(key => key.IsOfWorkload);

    /// <summary>The figures that any of them has.</summary>
    public IEnumerable<ComparedFigure> Figures => ComparedFigure.All.Where(figure => Runs.Any(run => figure.Of(run.Statistics) is not null));

    /// <summary>Simulates, on all cores; results do not depend on how many there are.</summary>
    /// <param name="contenders">The configurations, at least two.</param>
    /// <param name="mode">How the model's errors are carried through.</param>
    /// <param name="hasSeries">Whether to keep the runs interval by interval.</param>
    /// <param name="threads">Most threads; −1 for as many as there are cores.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="ConfigException">A scenario cannot be simulated.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ScenarioComparison Run(
        IReadOnlyList<Contender> contenders, UncertaintyMode mode, bool hasSeries = false, int threads = -1, CancellationToken cancellation = default)
    {
        SimulatorConfig[] configs = [.. contenders.Select(contender => contender.Config)];
        var whole = Jobs.Run(configs.Length, i => RunWhole(configs[i], hasSeries, cancellation), threads, cancellation);
        Replications[] kinds = [.. configs.Select((config, i) => new Replications(config, whole[i].Statistics.TotalRequests, mode == UncertaintyMode.Full))];
        int each = kinds.All(kind => kind.Exist) ? Replications.Count : 0;
        SimulationStatistics[] replications = Jobs.Run(configs.Length * each, i => kinds[i / each].Run(i % each, cancellation), threads, cancellation);
        DrawnRuns<SimulationStatistics>?[] drawn = mode == UncertaintyMode.Off ? new DrawnRuns<SimulationStatistics>?[configs.Length]
            : Draw(configs, [.. whole.Select(run => run.Statistics.TotalRequests)], mode == UncertaintyMode.Full, threads, cancellation);
        return new ScenarioComparison(
            [
                .. contenders.Select((contender, i) => new ContenderRuns
                {
                    Contender = contender,
                    Statistics = whole[i].Statistics,
                    Series = whole[i].Series,
                    Replications = replications[(i * each)..((i + 1) * each)],
                    Drawn = drawn[i],
                }),
            ],
            KeyDifferences.Of(configs), kinds.Max(kind => kind.Share), mode);
    }

    /// <summary>The figures that the first and another have, but for what neither has any of and is better without; with their differences.</summary>
    /// <param name="other">Number of the other, from 1.</param>
    public IReadOnlyList<(ComparedFigure Figure, Difference Difference)> Differences(int other)
    {
        DifferenceIntervals intervals = With(other);
        return
        [
            .. ComparedFigure.All.Select(figure => (figure, intervals.Of(figure)!))
                .Where(one => one.Item2 is { } known && (one.figure.Better != Better.Less || known.Before > 0 || known.After > 0)),
        ];
    }

    /// <summary>What differs between the first and another.</summary>
    /// <param name="other">Number of the other, from 1.</param>
    public DifferenceIntervals With(int other) => new(Runs[0], Runs[other], HasSameWorkload, _share);

    private static (SimulationStatistics Statistics, IReadOnlyList<SeriesRow> Series) RunWhole(
        SimulatorConfig config, bool hasSeries, CancellationToken cancellation)
    {
        var series = new SeriesThinner();
        var simulator = new LlmInferenceSimulator(config) { Series = hasSeries ? series : null };
        SimulationStatistics statistics = simulator.Run(cancellation).ComputeStatistics();
        series.Finish();
        return (statistics, series.Rows);
    }

    private static DrawnRuns<SimulationStatistics>[] Draw(
        SimulatorConfig[] configs, long[] totals, bool isFull, int threads, CancellationToken cancellation)
    {
        IReadOnlyList<IReadOnlyList<ErrorFactor>> errors = SharedErrors.Of(configs, ServingResidual.Default);
        long requests = isFull ? long.MaxValue : FigureIntervals.FastRequests;
        return [.. configs.Select((config, i) =>
        {
            var part = WorkloadPart.Of(config, totals[i], requests);
            return DrawnRuns<SimulationStatistics>.Simulate(config with { StepByStep = false }, errors[i], twoSizes: isFull, Serve, threads, cancellation);

            SimulationStatistics Serve(SimulatorConfig scenario)
            {
                var simulator = new LlmInferenceSimulator(scenario);
                return (part is null ? simulator : simulator.Serve(part)).RunPart(requests, cancellation);
            }
        })];
    }
}
