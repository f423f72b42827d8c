using BenchmarkDotNet.Attributes;
using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Benchmarks;

/// <summary>
/// What a request costs in a warm engine with all its metrics, drawing it left out. Every line must say 0 bytes allocated.
/// </summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private const int Crowd = 256;
    private const int PromptTokens = 512;
    private const int OutputTokens = 128;

    // Longer than anything here takes to serve, so that the engine is idle again when the next request comes.
    private const long GapNs = 10_000_000_000;

    private Engine _engine = null!;
    private long _now;
    private long _id;

    /// <summary>Llama-3.1-8B on one H100, and one round of everything.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Deployment deployment = Deployment.Resolve(new SimulatorConfig
        {
            Model = ModelCatalog.Get("llama-3.1-8b"),
            Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("h100-80gb-sxm") },
        });
        _engine = new FastEngine(deployment.Limits, deployment.Cost, new MetricsCollector(deployment.Limits), new EventHub([]));
        LoneRequest(OutputTokens);
        CrowdOfRequests();
        StaggeredRequests();
    }

    /// <summary>One request alone: a prefill step and one run of decode steps, looped (up to 8) or jumped.</summary>
    [Benchmark]
    [Arguments(1)]
    [Arguments(8)]
    [Arguments(128)]
    [Arguments(1024)]
    public SimTime LoneRequest(int outputTokens)
    {
        Send(_now, outputTokens);
        return Serve();
    }

    /// <summary>A request of a full house that arrives at once: prefill steps full of prompts, one long run, one big finish.</summary>
    [Benchmark(OperationsPerInvoke = Crowd)]
    public SimTime CrowdOfRequests()
    {
        for (int i = 0; i < Crowd; i++)
        {
            Send(_now, OutputTokens);
        }

        return Serve();
    }

    /// <summary>A request of a stream at 50 a second: decode steps between arrivals, nearly every step with a prefill.</summary>
    [Benchmark(OperationsPerInvoke = Crowd)]
    public SimTime StaggeredRequests()
    {
        for (int i = 0; i < Crowd; i++)
        {
            Send(_now + i * 20_000_000L, OutputTokens);
        }

        return Serve();
    }

    private void Send(long arrivalNs, int outputTokens) =>
        _engine.Inbox.Push(new InboundRequest(_id++, arrivalNs, arrivalNs, PromptTokens, outputTokens));

    private SimTime Serve()
    {
        SimTime next;
        do
        {
            next = _engine.Wake(new SimTime(_now), SimTime.Never);
        }
        while (next != SimTime.Never);

        _now += GapNs;
        return next;
    }
}
