using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Specs;

namespace LlmSim.Samples;

/// <summary>What the examples have in common.</summary>
internal static class Study
{
    /// <summary>A model on GPUs known by name, under 1000 requests of 512 tokens in and 128 out.</summary>
    public static SimulatorConfig Scenario(string model, string gpu, double requestsPerSecond, int tensorParallel = 1) => new()
    {
        Model = ModelCatalog.Get(model),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get(gpu) },
        Parallelism = new ParallelismSpec { TensorParallel = tensorParallel },
        Workload = new WorkloadSpec { RequestRatePerSecond = requestsPerSecond, NumRequests = 1000 },
    };

    /// <summary>The figures of a scenario.</summary>
    public static SimulationStatistics Simulate(SimulatorConfig config) => new LlmInferenceSimulator(config).Run().ComputeStatistics();

    /// <summary>Requests per second that a deployment serves when all of them are there at once.</summary>
    public static double Capacity(SimulatorConfig config) =>
        Simulate(config with { Workload = config.Workload with { RequestRatePerSecond = double.PositiveInfinity, NumRequests = 3000 } }).RequestsPerSecond;

    /// <summary>Milliseconds, with as many digits as one can read.</summary>
    public static string Ms(LlmSim.Simulation.SimTime time) => time.Milliseconds switch
    {
        < 10 => $"{time.Milliseconds:0.00}",
        < 1000 => $"{time.Milliseconds:0.0}",
        _ => $"{time.Milliseconds:0}",
    };
}
