using System.Collections.Concurrent;
using LlmSim.Costs;
using LlmSim.Specs.Engines;

namespace LlmSim.Specs;

/// <summary>A scenario: everything a simulation depends on. The same value gives the same result, byte for byte.</summary>
public sealed record SimulatorConfig
{
    /// <summary>The <see cref="Profile"/> that stands for the one that comes with llmsim for the GPU, or for the nearest that was measured.</summary>
    public const string EmbeddedProfile = "auto";

    /// <summary>The <see cref="Profile"/> that stands for none: datasheet rates with one efficiency a kernel family.</summary>
    public const string DatasheetProfile = "none";

    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The GPUs and the link between them.</summary>
    public required ClusterSpec Cluster { get; init; }

    /// <summary>
    /// Calibration profile of kernel times: the path of a file, behind <c>other:</c> if it may be of another GPU or engine than those simulated, <see
    /// cref="EmbeddedProfile"/>, the default, or <see cref="DatasheetProfile"/>.
    /// </summary>
    public string Profile { get; init; } = EmbeddedProfile;

    /// <summary>Factors on the kernels' times, by which the effect of their errors is found. Default: none.</summary>
    internal KernelScales KernelScales { get; init; } = KernelScales.None;

    /// <summary>Kernel times that simulations of this scenario under other factors share. Default null: none.</summary>
    internal ConcurrentDictionary<ModelStage, FamilyTimes>? SharedTimes { get; init; }

    /// <summary>The cost model that simulations share which follow each other on one thread. Default null: none.</summary>
    internal SharedCostModel? SharedCostModel { get; init; }

    /// <summary>Efficiencies and kernel constants in place of the defaults, for fits. Default null: the defaults.</summary>
    internal KernelEfficiencies? Efficiencies { get; init; }

    /// <summary>How the model is laid over the GPUs. Default: one GPU.</summary>
    public ParallelismSpec Parallelism { get; init; } = new();

    /// <summary>The engine whose behaviour and defaults are reproduced. Default: the newest release of vLLM known.</summary>
    public EngineSpec Engine { get; init; } = EngineSpec.Default;

    /// <summary>The serving engine's knobs. Default: the engine's own.</summary>
    public SchedulerSpec Scheduler { get; init; } = new();

    /// <summary>CPU time of the serving process.</summary>
    public HostSpec Host { get; init; } = new();

    /// <summary>Whose clock times are taken by. Default: the clients'.</summary>
    public ServingClock Clock { get; init; }

    /// <summary>The requests.</summary>
    public WorkloadSpec Workload { get; init; } = new();

    /// <summary>What a request must keep to count as goodput. Default: nothing, and goodput is not counted.</summary>
    public SloSpec Objectives { get; init; } = new();

    /// <summary>Price of one GPU for an hour, in any currency; costs come in the same. At least 0. Null: costs are not worked out.</summary>
    public double? PricePerGpuHour { get; init; }

    /// <summary>Seed of every random stream. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Walk every sequence in every step instead of the fast engine: slow, the same results. Default false.</summary>
    public bool StepByStep { get; init; }
}
