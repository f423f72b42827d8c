using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>The scenario that is simulated where nothing else is said.</summary>
public static class DefaultScenario
{
    /// <summary>Llama-2-7B on one A100 80 GB: 1000 requests of 512 tokens in, 128 out, Poisson at 2 per second.</summary>
    public static SimulatorConfig Create() => new()
    {
        Model = ModelCatalog.Get("llama-2-7b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("a100-80gb-sxm") },
    };
}
