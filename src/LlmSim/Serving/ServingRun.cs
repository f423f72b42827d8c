using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Serving.Routing;
using LlmSim.Serving.Sglang;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>A deployment serving one source of requests, put together and ready to run.</summary>
internal sealed class ServingRun
{
    private readonly Kernel _kernel = new();
    private readonly Gateway _gateway;

    /// <summary>Wires gateway and replicas to the kernel.</summary>
    /// <param name="source">The requests.</param>
    /// <param name="host">CPU time of each replica's process.</param>
    /// <param name="limits">The schedulers' bounds.</param>
    /// <param name="cost">What a step costs.</param>
    /// <param name="meter">Who counts.</param>
    /// <param name="events">Who observes.</param>
    /// <param name="stepByStep">Every step by itself: the plain engine instead of the fast one.</param>
    /// <param name="replicas">How many replicas. At least 1.</param>
    /// <param name="router">Chooses among them; null for each in turn.</param>
    /// <param name="clients">Clients that wait for their answers; null for no limit.</param>
    public ServingRun(
        RequestSource source, HostSpec host, EngineLimits limits, StepCostModel cost, ServingMeter meter, EventHub events,
        bool stepByStep, int replicas = 1, Router? router = null, ClientLimit? clients = null)
    {
        Replica[] servers = [.. Enumerable.Range(0, replicas).Select(_ => new Replica(new FrontEnd(host),
            limits.Sglang is not null
                ? (stepByStep ? new PlainSglangEngine(limits, cost, meter, events) : new FastSglangEngine(limits, cost, meter, events))
            : limits.BatchSize > 0 ? new BatchEngine(limits, cost, meter, events, stepByStep)
            : stepByStep || limits is { VictimKeepsTokens: true, Order: not null } ? new PlainEngine(limits, cost, meter, events)
            : new FastEngine(limits, cost, meter, events)))];
        for (int i = 0; i < servers.Length; i++)
        {
            servers[i].Engine.Replica = i;
        }

        var arrivals = new ArrivalQueue(source, clients, limits.LongestPrompt);
        _gateway = new Gateway(_kernel, arrivals, router ?? new RoundRobinRouter(), servers, limits, meter, events);

        // The order of addition breaks ties: what arrives at a moment is there for a step scheduled at that moment.
        _kernel.Add(_gateway);
        foreach (Replica server in servers)
        {
            _kernel.Add(server.Engine);
        }
    }

    /// <summary>Requests that have arrived so far. May be read from another thread.</summary>
    public long Arrived => _gateway.Arrived;

    /// <summary>How far simulated time has come.</summary>
    public SimTime Now => _kernel.Now;

    /// <summary>Runs to the last token, or until cancelled.</summary>
    /// <returns>False when it was cancelled.</returns>
    public bool Run(CancellationToken cancellation)
    {
        _kernel.WakeBy(_gateway, _gateway.Open());
        return _kernel.Run(cancellation);
    }
}
