using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Planning.Capacity;

/// <summary>A scenario whose load can be turned up and down: the same requests, faster or slower.</summary>
internal sealed class LoadDial
{
    // Enough of a changing load for what comes at one moment of it not to matter.
    private const double Cycles = 20;

    private readonly SimulatorConfig _config;
    private readonly KeptRequests? _trace;
    private readonly double _leastSeconds;

    private LoadDial(SimulatorConfig config, KeptRequests? trace)
    {
        _config = config;
        _trace = trace;
        _leastSeconds = config.Workload.RateCurve switch
        {
            { Curve: RateCurve.Diurnal } day => day.PeriodSeconds,
            { Curve: RateCurve.Bursts } bursts => Cycles * (bursts.OnSeconds + bursts.OffSeconds),
            _ => 0,
        };
    }

    /// <summary>Whether the requests are those of a trace: always as many, and the same in every run.</summary>
    public bool IsTrace => _trace is not null;

    /// <summary>Requests of the trace; null where they are drawn.</summary>
    public long? TraceRequests => _trace?.Count;

    /// <summary>Whether the load rises and falls.</summary>
    public bool IsCurved => _config.Workload.RateCurve is not null;

    /// <summary>Whether the rate is that of requests, not of conversations, whose later turns come when they have their answers.</summary>
    public bool CountsRequests => _config.Workload.Sessions is null;

    /// <summary>Whether requests come at a rate of their own without end, so that a server may fall behind for good.</summary>
    public bool HasPace => !IsTrace && CountsRequests;

    /// <summary>What the rate counts: requests, or conversations with all their turns.</summary>
    public string Unit => CountsRequests ? "requests/s" : "conversations/s";

    /// <summary>The dial of a scenario.</summary>
    /// <exception cref="ConfigException">Its load has no rate that could be turned, or the trace cannot be read.</exception>
    public static LoadDial Of(SimulatorConfig config)
    {
        WorkloadSpec workload = config.Workload;
        var problems = new List<ConfigProblem>();
        if (workload.MaxConcurrency is { } clients)
        {
            problems.Add(new ConfigProblem("workload.max_concurrency", $"{clients}", "requests that come by themselves, where the highest rate is looked for",
                "Leave it out: clients that wait for answers slow down with the server, so any rate is met."));
        }

        if (workload.RateCurve is { IsRamp: true } ramp)
        {
            problems.Add(new ConfigProblem("workload.rate_curve", $"{ramp.Curve}".ToLowerInvariant(), "none, diurnal or bursts",
                "Leave it out: the rate is what is looked for."));
        }

        if (problems.Count > 0)
        {
            throw new ConfigException(problems);
        }

        if (workload.Trace is null)
        {
            return new LoadDial(config, null);
        }

        KeptRequests trace = KeptRequests.Of(RequestSources.Create(workload, config.Seed));
        return trace.Span.Nanoseconds > 0 ? new LoadDial(config, trace) : throw new ConfigException(new ConfigProblem("workload.trace",
            $"{trace.Count} requests, all at once", "requests over a stretch of time", "Take another trace, or another part of this one."));
    }

    /// <summary>The trace's own mean rate, in requests per second.</summary>
    public double TraceRate => _trace is { } trace ? (trace.Count - 1) / trace.Span.Seconds : throw new InvalidOperationException("The requests are drawn.");

    /// <summary>How many requests a run at a rate has, where so many are wanted: a trace has its own, and a changing load needs time to change.</summary>
    public long Requests(double rate, long wanted) =>
        _trace is { } trace ? trace.Count : Math.Max(wanted, (long)Math.Min(1e9, Math.Ceiling(_leastSeconds * rate)));

    /// <summary>A simulator of the scenario under a load.</summary>
    /// <param name="rate">Mean requests, or conversations, per second. Above 0; infinite for all at once.</param>
    /// <param name="requests">About how many to send; conversations begin as many as have about so many turns. At least 1.</param>
    /// <param name="replication">Which draw of the requests, from 0: that of the scenario's seed.</param>
    /// <param name="change">Changes the scenario further; null for nothing.</param>
    public LlmInferenceSimulator At(double rate, long requests, int replication = 0, Func<SimulatorConfig, SimulatorConfig>? change = null)
    {
        SimulatorConfig config = change is null ? _config : change(_config);
        if (_trace is { } trace)
        {
            double speed = double.IsFinite(rate) ? rate / TraceRate : 1e12;
            return new LlmInferenceSimulator(config).Serve(() => trace.Open(speed));
        }

        requests = Requests(double.IsFinite(rate) ? rate : 0, requests);
        WorkloadSpec workload = config.Workload with
        {
            RequestRatePerSecond = rate,
            DurationSeconds = null,
            RateCurve = double.IsFinite(rate) ? config.Workload.RateCurve : null,
        };
        workload = workload.Sessions is { } sessions
            ? workload with { Sessions = sessions with { Count = Math.Max(1, (long)(requests / Math.Max(1, sessions.Turns.HasMean ? sessions.Turns.Mean : 1))) }, NumRequests = null }
            : workload with { NumRequests = requests };
        return new LlmInferenceSimulator(config with { Workload = workload, Seed = config.Seed + (ulong)replication });
    }
}
