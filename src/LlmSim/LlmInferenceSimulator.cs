using LlmSim.Metrics;
using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Serving.Routing;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim;

/// <summary>Simulates a scenario: every request through arrival, tokenisation, prefill, decode and the emission of each token.</summary>
/// <example>
/// <code>
/// var metrics = new LlmInferenceSimulator(config).Run();
/// Console.WriteLine(metrics.ComputeStatistics().FirstTokenLatency.P99);
/// </code>
/// </example>
public sealed class LlmInferenceSimulator
{
    private const long PeakIntervalNs = 1_000_000_000;

    private readonly SimulatorConfig _config;
    private readonly Deployment _deployment;
    private readonly List<SimulationObserver> _observers = [];
    private AdmissionOrder? _order;
    private Func<RequestSource>? _requests;
    private ServingRun? _run;
    private RequestSource? _source;

    /// <summary>Prepares a simulation.</summary>
    /// <param name="config">The scenario.</param>
    /// <exception cref="ConfigException">The scenario is invalid or does not fit the GPUs; lists every problem.</exception>
    public LlmInferenceSimulator(SimulatorConfig config)
    {
        _config = config;
        IReadOnlyList<ConfigProblem> problems = ConfigValidator.Validate(config);
        if (problems.Count > 0)
        {
            throw new ConfigException(problems);
        }

        _deployment = Deployment.Resolve(config);
    }

    /// <summary>Requests that have arrived so far; may be read from another thread while <see cref="Run"/> goes on.</summary>
    public long ArrivedRequests => _run?.Arrived ?? 0;

    /// <summary>Requests that will arrive; null where that is not known beforehand.</summary>
    public long? ExpectedRequests => _source?.ExpectedCount;

    /// <summary>GPUs that are paid for: those at hand, by default those that the layout needs.</summary>
    private int GpuCount => _config.Cluster.GpuCount ?? _config.Parallelism.Gpus;

    /// <summary>Takes a record of every finished request; null for none.</summary>
    public RequestSink? Records { get; set; }

    /// <summary>Takes the run interval by interval; null for none.</summary>
    internal SeriesSink? Series { get; set; }

    /// <summary>Length of the intervals. Above 0. Default 1 s.</summary>
    internal SimTime SeriesInterval { get; set; } = SimTime.FromSeconds(1);

    /// <summary>Whether to measure the peaks of the run. Default false.</summary>
    internal bool MeasuresPeaks { get; set; }

    /// <summary>Adds an observer of the simulation's events.</summary>
    /// <returns>This simulator, so that calls can be chained.</returns>
    public LlmInferenceSimulator Observe(SimulationObserver observer)
    {
        _observers.Add(observer);
        return this;
    }

    /// <summary>Serves requests of one's own in place of the workload's. Each run takes a new source, and disposes of it.</summary>
    /// <returns>This simulator, so that calls can be chained.</returns>
    public LlmInferenceSimulator Serve(Func<RequestSource> requests)
    {
        _requests = requests;
        return this;
    }

    /// <summary>Admits waiting requests in an order of your own instead of the scenario's policy.</summary>
    /// <param name="order">Gives each request its key. One object serves all replicas.</param>
    /// <returns>This simulator, so that calls can be chained.</returns>
    /// <exception cref="ConfigException">The scenario batches statically or dynamically, or its engine knows only first come, first served.</exception>
    public LlmInferenceSimulator AdmitBy(AdmissionOrder order)
    {
        Batching batching = SchedulerDefaults.Resolve(_config).Batching;
        if (batching != Batching.Continuous)
        {
            throw new ConfigException(new ConfigProblem("scheduler.batching", $"{batching}".ToLowerInvariant(),
                "continuous, with an order of admission", "Use continuous batching."));
        }

        if (!_config.Engine.Family.Has("policy"))
        {
            throw new ConfigException(new ConfigProblem("engine", $"{_config.Engine}", "an engine with policies, for an order of admission",
                "Use vllm."));
        }

        _order = order;
        return this;
    }

    /// <summary>Runs the simulation to the last token. Every run of the same scenario gives the same result.</summary>
    /// <param name="cancellation">Stops the simulation early; what was measured until then is marked partial.</param>
    /// <exception cref="ConfigException">A row of the trace is not a request.</exception>
    public SimulationMetrics Run(CancellationToken cancellation = default) => RunFirst(null, cancellation);

    /// <summary>Serves the first requests only, and leaves out of the figures what takes long to work out: where the time went, batches.</summary>
    /// <param name="requests">How many. At least 1.</param>
    /// <param name="cancellation">Stops early.</param>
    internal SimulationStatistics RunPart(long requests, CancellationToken cancellation) =>
        RunFirst(requests, cancellation).ComputeStatistics();

    private SimulationMetrics RunFirst(long? first, CancellationToken cancellation)
    {
        EngineLimits limits = _deployment.Limits with { Order = _order ?? _deployment.Limits.Order };
        using RequestSource source = FirstOf(first, _requests?.Invoke() ?? RequestSources.Create(_config.Workload, _config.Seed));
        _source = source;
        var collector = new MetricsCollector(limits, Records, _config.Objectives) { Classes = CreateClasses(source) };
        int replicas = _config.Parallelism.DataParallel;
        ServingMeter meter = collector;
        if (Series is not null)
        {
            meter = new SeriesMeter(meter, Series, SeriesInterval.Nanoseconds, limits.UsableBlocks, replicas);
        }

        var peakTokens = new PeakSink();
        PeakMeter? peak = null;
        if (MeasuresPeaks)
        {
            meter = new SeriesMeter(meter, peakTokens, PeakIntervalNs, limits.UsableBlocks, replicas, startsAtFirstArrival: true);
            meter = peak = new PeakMeter(meter);
        }

        _run = new ServingRun(
            source, HostSpec.Resolve(_config), limits, _deployment.Cost.ForEngine, meter, new EventHub(_observers), _config.StepByStep,
            replicas, Routers.Create(_config.Parallelism.Routing, _config.Seed),
            ClientLimit.Create(_config.Workload));
        bool isComplete = _run.Run(cancellation);
        meter.Ended(_run.Now.Nanoseconds);
        return new SimulationMetrics(
            collector, limits, first is null ? _deployment.Cost.Breakdown(collector.Work, collector.BusyQuanta) : null, !isComplete,
            replicas, _config.PricePerGpuHour * GpuCount)
        {
            HasBatches = first is null,
            Peaks = peak is null ? null : new RunPeaks(peakTokens.MostTokens, peak.MostUnderWay),
        };
    }

    private static RequestSource FirstOf(long? first, RequestSource source) => first is { } count ? new FirstRequests(source, count) : source;

    private ClassTallies? CreateClasses(RequestSource source)
    {
        IReadOnlyList<RequestClassSpec> specs = _config.Workload.Classes;
        return specs.Count > 0 ? new ClassTallies(specs, [.. specs.Select(spec => spec.Name)], _config.Objectives)
            : _config.Workload.Trace is not null ? new ClassTallies(specs, source.ClassNames, _config.Objectives)
            : null;
    }
}
