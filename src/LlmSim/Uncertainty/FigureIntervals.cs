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
    /// <summary>Requests that a draw serves at least, in the fast mode.</summary>
    internal const int FewestRequests = 2000;

    /// <summary>From this percentile on, what remains unexplained is that of tails.</summary>
    internal const double TailPercent = 95;

    // Of long runs, one in so many.
    private const int OneIn = 100;

    // The 97.5% point of the normal distribution: what a half-width of 95% holds of deviations.
    private const double DeviationsOf95 = 1.959963984540054;

    private readonly DrawnRuns<SimulationStatistics> _runs;
    private readonly SimulationStatistics _statistics;
    private readonly ServingResidual _residual;

    private FigureIntervals(
        UncertaintyMode mode, long requests, DrawnRuns<SimulationStatistics> runs, SimulationStatistics statistics, ServingResidual residual)
    {
        Mode = mode;
        RequestsPerDraw = requests;
        _runs = runs;
        _statistics = statistics;
        _residual = residual;
    }

    /// <summary>How they were found.</summary>
    public UncertaintyMode Mode { get; }

    /// <summary>How many times errors were drawn.</summary>
    public int Draws => _runs.Draws;

    /// <summary>Most requests that were served in each draw.</summary>
    public long RequestsPerDraw { get; }

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
        create ??= scenario => new LlmInferenceSimulator(scenario);
        long requests = mode == UncertaintyMode.Full ? long.MaxValue : Math.Max(FewestRequests, statistics.TotalRequests / OneIn);
        var runs = DrawnRuns<SimulationStatistics>.Simulate(
            config with { StepByStep = false }, ModelErrors.Of(config, residual), twoSizes: mode == UncertaintyMode.Full,
            scenario => create(scenario).RunPart(requests, cancellation), threads, cancellation);
        return new FigureIntervals(mode, Math.Min(requests, statistics.TotalRequests), runs, statistics, residual);
    }

    /// <summary>The interval of any figure that is not below 0; null where it is 0 or missing.</summary>
    /// <param name="figure">Reads it off the statistics.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="noise">Where 95% of runs with other seeds lie; null where that is not known.</param>
    internal PredictionInterval? Of(Func<SimulationStatistics, double?> figure, FigureKind kind, ConfidenceInterval? noise = null) =>
        Of(figure(_statistics), figure, kind, noise);

    /// <summary>The same for a value that moves as another figure does.</summary>
    internal PredictionInterval? Of(
        double? value, Func<SimulationStatistics, double?> figure, FigureKind kind, ConfidenceInterval? noise = null) =>
        value is { } plain && _runs.Of(figure) is { } spread
            ? spread.Interval(plain, _residual.Of(kind), Noise(noise))
            : null;

    /// <summary>The interval of a latency's mean, in seconds; null without samples.</summary>
    /// <param name="latency">The latency.</param>
    /// <param name="isFirst">Whether it ends with the first token.</param>
    internal PredictionInterval? OfMean(Func<SimulationStatistics, LatencySummary?> latency, bool isFirst) => Of(
        s => latency(s) is { Count: > 0 } known ? known.Mean.Seconds : null,
        isFirst ? FigureKind.MeanTtft : FigureKind.Mean,
        latency(_statistics)?.MeanInterval);

    /// <summary>The interval of a latency's percentile, in seconds; null without samples.</summary>
    /// <param name="latency">The latency.</param>
    /// <param name="percent">From 0 to 100.</param>
    /// <param name="isFirst">Whether it ends with the first token.</param>
    internal PredictionInterval? OfPercentile(Func<SimulationStatistics, LatencySummary?> latency, double percent, bool isFirst) => Of(
        s => latency(s) is { Count: > 0 } known ? known.Percentile(percent).Seconds : null,
        (isFirst, percent >= TailPercent) switch
        {
            (true, true) => FigureKind.TailTtft,
            (true, false) => FigureKind.MeanTtft,
            (false, true) => FigureKind.Tail,
            _ => FigureKind.Mean,
        },
        latency(_statistics)?.PercentileInterval(percent));

    /// <summary>How a figure moves with the errors alone; null where it is 0 or missing.</summary>
    internal FigureSpread? Spread(Func<SimulationStatistics, double?> figure) => _runs.Of(figure);

    /// <summary>Deviation of a figure's logarithm from its interval of noise.</summary>
    internal static double Noise(ConfidenceInterval? noise) => noise is { Low.Nanoseconds: > 0 } ends
        ? DeterministicMath.Log((double)ends.High.Nanoseconds / ends.Low.Nanoseconds) / (2 * DeviationsOf95)
        : 0;
}
