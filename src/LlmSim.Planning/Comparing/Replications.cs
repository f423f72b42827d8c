using LlmSim.Metrics;
using LlmSim.Specs;
using LlmSim.Uncertainty;
using LlmSim.Workloads;

namespace LlmSim.Planning.Comparing;

/// <summary>
/// Other requests of a workload's kind, to see how much a difference depends on chance: drawn with other seeds, or, of a trace, slices of it.
/// </summary>
/// <remarks>Numbered; of the same number are the same requests for every contender.</remarks>
internal sealed class Replications
{
    /// <summary>How many there are.</summary>
    public const int Count = 16;

    // A trace's slices need some requests to be like anything: as many as a batch of a short run has.
    private const long FewestInSlice = RunBatches.FirstSize;

    private readonly SimulatorConfig _config;
    private readonly long _total;
    private readonly long _each;
    private readonly KeptRequests[]? _slices;

    /// <summary>Prepares them.</summary>
    /// <param name="config">A scenario.</param>
    /// <param name="total">Requests of its whole workload.</param>
    /// <param name="isWhole">Whether each serves a whole workload, where seeds make one.</param>
    public Replications(SimulatorConfig config, long total, bool isWhole)
    {
        _config = config;
        _total = total;
        bool isTrace = config.Workload.Trace is not null;
        _each = isTrace ? total / Count : isWhole ? total : Math.Min(total, Math.Max(FigureIntervals.FastRequests, total / Count));
        Exist = !isTrace || _each >= FewestInSlice;
        _slices = isTrace && Exist ? Cut(config, _each) : null;
    }

    /// <summary>Whether there are any: not of a trace that is too short to be cut.</summary>
    public bool Exist { get; }

    /// <summary>Requests of one over those of the whole workload, from 0 to 1: variances are in inverse proportion.</summary>
    public double Share => _total > 0 ? (double)_each / _total : 1;

    /// <summary>Serves one.</summary>
    /// <param name="number">Which, from 0 to below <see cref="Count"/>.</param>
    /// <param name="cancellation">Stops early.</param>
    public SimulationStatistics Run(int number, CancellationToken cancellation)
    {
        SimulatorConfig config = _config with { Seed = unchecked(_config.Seed + (ulong)number + 1), StepByStep = false };
        var simulator = new LlmInferenceSimulator(config);
        if (_slices is not null)
        {
            simulator.Serve(() => _slices[number].Open());
        }
        else if (WorkloadPart.Of(config, _total, _each) is { } part)
        {
            simulator.Serve(part);
        }

        return simulator.RunPart(_slices is not null || _each == _total ? long.MaxValue : _each, cancellation);
    }

    // Each slice begins at time 0.
    private static KeptRequests[] Cut(SimulatorConfig config, long each)
    {
        using RequestSource source = RequestSources.Create(config.Workload, config.Seed);
        List<ArrivingRequest>[] slices = [.. Enumerable.Range(0, Count).Select(_ => new List<ArrivingRequest>())];
        for (long i = 0; i < each * Count && source.TryNext(out ArrivingRequest request); i++)
        {
            List<ArrivingRequest> slice = slices[i / each];
            slice.Add(request);
        }

        return [.. slices.Select(slice => new KeptRequests(
            [.. slice.Select(request => request with { Arrival = request.Arrival - slice[0].Arrival })], source.ClassNames))];
    }
}
