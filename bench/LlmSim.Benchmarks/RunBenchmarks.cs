using BenchmarkDotNet.Attributes;
using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Specs;

namespace LlmSim.Benchmarks;

/// <summary>
/// Whole simulations. What they allocate is tables whose size does not depend on the number of requests: ten times the
/// requests must allocate about the same.
/// </summary>
[MemoryDiagnoser]
public class RunBenchmarks
{
    /// <summary>Requests in the run.</summary>
    [Params(10_000, 100_000)]
    public int Requests { get; set; }

    /// <summary>Llama-3.1-8B on one H100, 512 tokens in and 128 out, at 20% of capacity.</summary>
    [Benchmark]
    public SimulationStatistics LightLoad() => Run(11);

    /// <summary>The same at 80%.</summary>
    [Benchmark]
    public SimulationStatistics HeavyLoad() => Run(45);

    private SimulationStatistics Run(double ratePerSecond) => new LlmInferenceSimulator(new SimulatorConfig
    {
        Model = ModelCatalog.Get("llama-3.1-8b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("h100-80gb-sxm") },
        Workload = new WorkloadSpec { NumRequests = Requests, RequestRatePerSecond = ratePerSecond },
    }).Run().ComputeStatistics();
}
