using LlmSim.Metrics;
using LlmSim.Planning.Objectives;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Planning.Capacity;

/// <summary>
/// Looks for the highest rate at which a deployment keeps its goals. Each of eight draws of the requests has a rate up to which the goals are
/// kept, found with the same draw at every rate. Runs get twice as long until the mean of these rates is known well enough, and until twice as long a run no
/// longer changes it: a backlog that has not yet built up in a short run shows in the longer one. The capacity is that mean less its noise, and less again
/// where a long run of another draw does not keep the goals there.
/// </summary>
public sealed class CapacitySearch
{
    private const int Draws = 8;

    // Student's t for seven degrees of freedom, 95%.
    private const double StudentT = 2.364624;

    // A run holds so many times the requests that can be under way at once: what the empty start and the end of a run show is little of it.
    private const long RunsPerSeats = 8;

    private const long FewestRequests = 4000;
    private const double FirstStride = 1.15;
    private const double NextStride = 1.02;
    private const double More = 1.05;
    private const int LongRun = 4;
    private const int MostSteps = 12;

    private static readonly double[] Shares = [0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 0.95, 1.1, 1.2];

    private readonly LoadDial _dial;
    private readonly ServiceGoal _goal;
    private readonly CapacityOptions _options;
    private readonly SimulatorConfig _config;
    private readonly CancellationToken _cancellation;
    private int _runs;

    private CapacitySearch(SimulatorConfig config, ServiceGoal goal, CapacityOptions options, CancellationToken cancellation)
    {
        _config = config with { SharedTimes = new(), StepByStep = false };
        _goal = goal;
        _options = options;
        _cancellation = cancellation;
        _dial = LoadDial.Of(_config);
        if (!_dial.HasPace && goal.Objectives.Count == 0 && goal.GoodputShare is null)
        {
            throw new ConfigException(new ConfigProblem("--slo", "no objectives", "objectives, where requests are a trace or conversations: neither falls behind for ever",
                "Write for example --slo ttft.p99:500ms."));
        }
    }

    /// <summary>Searches.</summary>
    /// <param name="config">The scenario; its rate, number of requests and duration do not matter.</param>
    /// <param name="goal">What is to be kept.</param>
    /// <param name="options">How precisely.</param>
    /// <param name="cancellation">Stops between runs.</param>
    /// <exception cref="ConfigException">The scenario is invalid, or its load has no rate.</exception>
    /// <exception cref="UnmeetableException">No rate keeps the goals.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static CapacityResult Run(SimulatorConfig config, ServiceGoal goal, CapacityOptions? options = null, CancellationToken cancellation = default) =>
        new CapacitySearch(config, goal, options ?? new CapacityOptions(), cancellation).Search();

    private double Tolerance => _options.Precision / 8;

    private CapacityResult Search()
    {
        long requests = FirstLength();
        double served = MostAtOnce(requests);
        double rate = Probe(requests, 0).Find(0.9 * served, FirstStride, Tolerance) ?? throw Unmeetable(served * CapacityProbe.Loneliest, requests);
        (double noise, bool isPrecise) = (0, true);
        if (!_dial.IsTrace)
        {
            (rate, noise, isPrecise, requests) = Narrow(rate, requests);
        }

        _options.Progress?.Invoke(rate, requests);
        (CapacityError? error, CapacityPoint at) = Settle(rate, noise, requests);
        CapacityPoint[] curve = [.. Curve(at.RatePerSecond, requests).Append(at).OrderBy(point => point.Share)];
        return new CapacityResult
        {
            Goal = _goal,
            RatePerSecond = at.RatePerSecond,
            EstimatePerSecond = rate,
            Unit = _dial.Unit,
            Noise = noise,
            ModelError = error?.Deviation,
            Interval = error?.Interval(rate, noise / StudentT),
            IsPrecise = isPrecise,
            Requests = _dial.Requests(rate, requests),
            Replications = _dial.IsTrace ? 1 : Draws,
            Runs = _runs,
            At = at,
            Above = curve.First(point => point.Share == More),
            Curve = curve,
        };
    }

    /// <summary>How far the model's errors move the rate and, meanwhile, a long run at it.</summary>
    private (CapacityError? Error, CapacityPoint At) Settle(double rate, double noise, long requests)
    {
        (CapacityError? Error, CapacityPoint? At)[] both = Jobs.Run(
            2, i => i == 0 ? (null, Verified(rate * (1 - noise), requests)) : (Error(rate, requests), (CapacityPoint?)null), _options.Threads, _cancellation);
        return (both[1].Error, both[0].At!);
    }

    private CapacityError? Error(double rate, long requests) => _options.Uncertainty == UncertaintyMode.Off ? null
        : CapacityError.Of(_config, _goal, _dial, rate, requests, _options, CountRun, _cancellation);

    private long FirstLength()
    {
        EngineLimits limits = Deployment.Resolve(_config).Limits;
        return Math.Min(_options.MostRequests, Math.Max(FewestRequests, RunsPerSeats * limits.MaxNumSeqs * _config.Parallelism.DataParallel));
    }

    /// <summary>Requests per second when all come at once.</summary>
    private double MostAtOnce(long requests)
    {
        SimulationStatistics all = Probe(requests, 0).Run(double.PositiveInfinity);
        if (all.CompletedRequests == 0 && all.AbortedRequests > 0)
        {
            return FewestRequests / all.SimulationTime.Seconds; // All gave up, for all came at once. Some rate to begin with.
        }

        if (all.CompletedRequests == 0)
        {
            throw new ConfigException(new ConfigProblem("workload", "no request that can be served",
                "requests that fit the engine's limits", "Look at what llmsim run says of this scenario."));
        }

        return _dial.HasPace || !_goal.Judge(all, judgesPace: false).IsKept ? all.RequestsPerSecond : throw new ConfigException(new ConfigProblem("--slo",
            string.Join(',', _goal.Objectives), $"objectives that some rate misses; {all.TotalRequests} requests all at once keep these", "Name stricter ones."));
    }

    /// <summary>Searches with all draws, in longer and longer runs.</summary>
    private (double Rate, double Noise, bool IsPrecise, long Requests) Narrow(double rate, long requests)
    {
        for (double before = double.NaN; ; before = rate, requests *= 2)
        {
            _options.Progress?.Invoke(rate, requests);
            double[] rates = Each(rate, requests);
            rate = rates.Average();
            double noise = StudentT * Math.Sqrt(rates.Sum(one => (one - rate) * (one - rate)) / (Draws - 1) / Draws) / rate;
            bool isPrecise = noise <= _options.Precision / 2 && Math.Abs(rate - before) <= _options.Precision / 2 * rate;
            if (isPrecise || requests * 2 > _options.MostRequests)
            {
                return (rate, Math.Min(noise, 1), isPrecise, requests);
            }
        }
    }

    private double[] Each(double guess, long requests) =>
        Jobs.Run(Draws, i => Probe(requests, i).Find(guess, NextStride, Tolerance) ?? guess * CapacityProbe.Loneliest, _options.Threads, _cancellation);

    private CapacityProbe Probe(long requests, int replication) =>
        new(_dial, _goal, CountRun, _cancellation) { Requests = requests, Replication = replication };

    /// <summary>A long run at the rate, or as little below it as it takes to keep the goals.</summary>
    private CapacityPoint Verified(double rate, long requests)
    {
        for (int i = 0; ; i++)
        {
            CapacityPoint at = Point(rate, 1, Longer(requests));
            if (at.Verdict.IsKept || i == MostSteps)
            {
                return at;
            }

            rate *= 1 - (_options.Precision / 4);
        }
    }

    private CapacityPoint[] Curve(double rate, long requests)
    {
        // The long one first, so that no core waits for it at the end; the others are to be seen, not to be judged by.
        long first = Math.Min(requests, FirstLength());
        (double Share, long Requests)[] runs = [(More, Longer(requests)), .. Shares.Select(share => (share, first))];
        return Jobs.Run(runs.Length, i => Point(rate * runs[i].Share, runs[i].Share, runs[i].Requests), _options.Threads, _cancellation);
    }

    private long Longer(long requests) => Math.Max(requests, Math.Min(LongRun * requests, _options.MostRequests));

    // Of another draw than those that the rate was found with.
    private CapacityPoint Point(double rate, double share, long requests)
    {
        CountRun();
        SimulationStatistics statistics = _dial.At(rate, requests, Draws).Run(_cancellation).ComputeStatistics();
        _cancellation.ThrowIfCancellationRequested();
        return new CapacityPoint(rate, share, statistics, _goal.Judge(statistics, judgesPace: _dial.HasPace));
    }

    private UnmeetableException Unmeetable(double rate, long requests)
    {
        CapacityPoint lowest = Point(rate, 0, requests);
        return new UnmeetableException(lowest.Verdict, lowest);
    }

    private void CountRun() => Interlocked.Increment(ref _runs);
}
