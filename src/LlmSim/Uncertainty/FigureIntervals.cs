using LlmSim.Metrics;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Uncertainty;

/// <summary>
/// Intervals of the figures of a run that unite run-to-run noise and the model's own error: 80% of the real deployment's figures are to lie
/// inside.
/// </summary>
/// <remarks>
/// Three deviations of the figure's logarithm add up as squares: noise, from the run's batches; the errors of kernels and host, from runs of
/// the same requests with these errors drawn; and what both leave unexplained of measured servers. <c>docs/uncertainty.md</c>.
/// </remarks>
public sealed class FigureIntervals
{
    /// <summary>Most requests that a draw serves in the fast mode.</summary>
    internal const int FastRequests = 4000;

    /// <summary>From this percentile on, what remains unexplained is that of tails.</summary>
    internal const double TailPercent = 95;

    // The 97.5% point of the normal distribution: what a half-width of 95% holds of deviations.
    private const double DeviationsOf95 = 1.959963984540054;

    private readonly DrawnRuns<SimulationStatistics> _runs;
    private readonly SimulationStatistics _statistics;
    private readonly ServingResidual _residual;
    private readonly double _rateNoise;

    private FigureIntervals(
        UncertaintyMode mode, long requests, DrawnRuns<SimulationStatistics> runs, SimulationStatistics statistics, ServingResidual residual,
        double rateNoise)
    {
        Mode = mode;
        RequestsPerDraw = requests;
        _runs = runs;
        _statistics = statistics;
        _residual = residual;
        _rateNoise = rateNoise;
    }

    /// <summary>How they were found.</summary>
    public UncertaintyMode Mode { get; }

    /// <summary>How many times errors were drawn.</summary>
    public int Draws => _runs.Draws;

    /// <summary>Most requests that were served in each draw.</summary>
    public long RequestsPerDraw { get; }

    /// <summary>In how many draws the load is beyond capacity: latencies then grow with the length of the run, without an upper end.</summary>
    public int DrawsBeyondCapacity => _runs.Count(run => run.Queue is { IsBeyondCapacity: true });

    /// <summary>The errors.</summary>
    internal IReadOnlyList<ErrorFactor> Errors => _runs.Factors;

    /// <summary>What remains unexplained.</summary>
    internal ServingResidual Residual => _residual;

    /// <summary>Finds the intervals of a run.</summary>
    /// <param name="config">Its scenario.</param>
    /// <param name="statistics">Its figures.</param>
    /// <param name="mode">How; not <see cref="UncertaintyMode.Off"/>.</param>
    /// <param name="create">
    /// Makes the simulator of a scenario, with the run's requests and order of admission where these are one's own; called from several
    /// threads. Null for one that does as the scenario says.
    /// </param>
    /// <param name="cancellation">Stops between draws.</param>
    /// <exception cref="ConfigException">The scenario is invalid.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static FigureIntervals Of(
        SimulatorConfig config, SimulationStatistics statistics, UncertaintyMode mode, Func<SimulatorConfig, LlmInferenceSimulator>? create = null,
        CancellationToken cancellation = default) =>
        Of(config, statistics, mode, ServingResidual.Default, create, cancellation: cancellation);

    /// <summary>As above, with a table of what remains unexplained of one's own.</summary>
    internal static FigureIntervals Of(
        SimulatorConfig config, SimulationStatistics statistics, UncertaintyMode mode, ServingResidual residual,
        Func<SimulatorConfig, LlmInferenceSimulator>? create = null, int threads = DrawnRuns<SimulationStatistics>.AllCores,
        CancellationToken cancellation = default)
    {
        long requests = mode == UncertaintyMode.Full ? long.MaxValue : FastRequests;
        if (create is null && statistics.TotalRequests > requests && ChangesOverTime(config.Workload))
        {
            using RequestSource all = RequestSources.Create(config.Workload, config.Seed);
            KeptRequests excerpt = Excerpt.Of(all, statistics.TotalRequests, requests);
            create = scenario => new LlmInferenceSimulator(scenario).Serve(() => excerpt.Open());
        }

        create ??= scenario => new LlmInferenceSimulator(scenario);
        var runs = DrawnRuns<SimulationStatistics>.Simulate(
            config with { StepByStep = false }, ModelErrors.Of(config, residual), twoSizes: mode == UncertaintyMode.Full,
            scenario => create(scenario).RunPart(requests, cancellation), threads, cancellation);
        return new FigureIntervals(mode, Math.Min(requests, statistics.TotalRequests), runs, statistics, residual, RateNoise(config, statistics));
    }

    /// <summary>The interval of a rate, share or level that is not below 0; null where it is 0 or missing.</summary>
    /// <param name="figure">Reads it off the statistics.</param>
    public PredictionInterval? OfRate(Func<SimulationStatistics, double?> figure) => OfRate(figure(_statistics), figure);

    /// <summary>The same for a value that moves as another figure does.</summary>
    internal PredictionInterval? OfRate(double? value, Func<SimulationStatistics, double?> figure) =>
        Of(value, figure, FigureKind.Rate, _rateNoise);

    /// <summary>The interval of a latency's mean, in seconds; null without samples.</summary>
    /// <param name="latency">The latency.</param>
    /// <param name="isFirst">Whether it ends with the first token.</param>
    public PredictionInterval? OfMean(Func<SimulationStatistics, LatencySummary?> latency, bool isFirst) => Of(
        s => latency(s) is { Count: > 0 } known ? known.Mean.Seconds : null,
        isFirst ? FigureKind.MeanTtft : FigureKind.Mean,
        Noise(latency(_statistics)?.MeanInterval));

    /// <summary>The interval of a latency's percentile, in seconds; null without samples.</summary>
    /// <param name="latency">The latency.</param>
    /// <param name="percent">From 0 to 100.</param>
    /// <param name="isFirst">Whether it ends with the first token.</param>
    public PredictionInterval? OfPercentile(Func<SimulationStatistics, LatencySummary?> latency, double percent, bool isFirst) => Of(
        s => latency(s) is { Count: > 0 } known ? known.Percentile(percent).Seconds : null,
        (isFirst, percent >= TailPercent) switch
        {
            (true, true) => FigureKind.TailTtft,
            (true, false) => FigureKind.MeanTtft,
            (false, true) => FigureKind.Tail,
            _ => FigureKind.Mean,
        },
        Noise(latency(_statistics)?.PercentileInterval(percent)));

    /// <summary>How a figure moves with the errors alone; null where it is 0 or missing.</summary>
    internal FigureSpread? Spread(Func<SimulationStatistics, double?> figure) => _runs.Of(figure);

    /// <summary>Deviation of a figure's logarithm from its interval of noise.</summary>
    internal static double Noise(ConfidenceInterval? noise) => noise is { Low.Nanoseconds: > 0 } ends
        ? DeterministicMath.Log((double)ends.High.Nanoseconds / ends.Low.Nanoseconds) / (2 * DeviationsOf95)
        : 0;

    /// <summary>
    /// Deviation of the logarithm of the rate at which requests come, and all that goes with it, in another run of as many: that of the gaps
    /// over the root of their number. 0 where gaps are not drawn, or where the deployment sets the pace.
    /// </summary>
    internal static double RateNoise(SimulatorConfig config, SimulationStatistics statistics)
    {
        WorkloadSpec workload = config.Workload;
        bool isDrawn = workload.Trace is null && workload.MaxConcurrency is null && workload.Arrival == ArrivalProcess.Poisson
            && double.IsFinite(workload.RequestRatePerSecond) && statistics is { TotalRequests: > 0, Queue: not { IsBeyondCapacity: true } };
        return isDrawn ? Math.Sqrt(1 / workload.Burstiness / statistics.TotalRequests) : 0;
    }

    private static bool ChangesOverTime(WorkloadSpec workload) =>
        (workload.RateCurve is not null || workload.Trace is not null) && workload.Sessions is null;

    private PredictionInterval? Of(Func<SimulationStatistics, double?> figure, FigureKind kind, double noise) =>
        Of(figure(_statistics), figure, kind, noise);

    private PredictionInterval? Of(double? value, Func<SimulationStatistics, double?> figure, FigureKind kind, double noise) =>
        value is { } plain && _runs.Of(figure) is { } spread ? spread.Interval(plain, _residual.Of(kind), noise) : null;
}
