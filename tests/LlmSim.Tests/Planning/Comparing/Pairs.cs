using LlmSim.Catalog;
using LlmSim.Planning.Comparing;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Planning.Comparing;

/// <summary>Scenarios to compare.</summary>
internal static class Pairs
{
    public static readonly SimulatorConfig Base = DefaultScenario.Create() with
    {
        Model = ModelCatalog.Get("llama-3.1-8b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("h100-80gb-sxm") },
        Workload = new WorkloadSpec
        {
            RequestRatePerSecond = 15,
            NumRequests = 1000,
            InputLength = LengthSpec.Lognormal(600, 0.8),
            OutputLength = LengthSpec.Uniform(20, 300),
        },
    };

    /// <summary>Pairs that differ in one thing each.</summary>
    public static IReadOnlyList<(SimulatorConfig A, SimulatorConfig B)> All { get; } =
    [
        (Base, Base with { Parallelism = new ParallelismSpec { TensorParallel = 2 } }),
        (Base, Base with { Scheduler = Base.Scheduler with { EnableChunkedPrefill = false } }),
        (Base, Base with { Scheduler = Base.Scheduler with { MaxNumBatchedTokens = 512 } }),
        (Base, Base with { Scheduler = Base.Scheduler with { AsyncScheduling = false } }),
        (Base, Base with { Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("h200-141gb-sxm") } }),
        (Base, Base with { Workload = Base.Workload with { RequestRatePerSecond = 18 } }),
    ];

    public static ScenarioComparison Compare(SimulatorConfig a, SimulatorConfig b, UncertaintyMode mode = UncertaintyMode.Off, int threads = -1) =>
        ScenarioComparison.Run(Contender.Of([("a.yaml", a), ("b.yaml", b)]), mode, threads: threads, cancellation: TestContext.Current.CancellationToken);

    public static SimulatorConfig Of(this SimulatorConfig config, ulong seed, long requests) =>
        config with { Seed = seed, Workload = config.Workload with { NumRequests = requests } };
}
