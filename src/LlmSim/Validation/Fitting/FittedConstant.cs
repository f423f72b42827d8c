using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Validation.Fitting;

/// <summary>A constant that serving runs can tell: a cost of the host, or the sampler's sort.</summary>
/// <param name="Name">Its key in a scenario's <c>host</c> section.</param>
/// <param name="Unit">The unit that people read it in.</param>
/// <param name="Scale">Factor from seconds to that unit.</param>
/// <param name="Nudge">By how much it is changed to see what depends on it, in seconds: little, but more than the chaos of single steps.</param>
/// <param name="Range">How far it can be from its default on any machine, in seconds: what narrows that to a quarter tells something.</param>
/// <param name="Get">Reads it from a scenario.</param>
/// <param name="Set">Puts it into a scenario.</param>
internal sealed record FittedConstant(
    string Name, string Unit, double Scale, double Nudge, double Range, Func<SimulatorConfig, double> Get, Func<SimulatorConfig, double, SimulatorConfig> Set)
{
    /// <summary>Whether the GPU's time can hide it, so that small values are all alike.</summary>
    public bool CanHide { get; init; }

    /// <summary>
    /// How far it is from its default without a run's saying so, one standard deviation. Such a constant takes up what is not the others',
    /// and is not used. Null for those that are looked for.
    /// </summary>
    public double? Prior { get; init; }

    /// <summary>From sending a request to its being in hand.</summary>
    public static FittedConstant Ingress { get; } = new("ingress_seconds", "ms", 1e3, 0.5e-3, 20e-3,
        config => HostSpec.Resolve(config).IngressSeconds!.Value, (config, value) => config with { Host = config.Host with { IngressSeconds = value } });

    /// <summary>Streaming a step's tokens one by one.</summary>
    public static FittedConstant Stream { get; } = new("stream_seconds_per_token", "µs", 1e6, 10e-6, 200e-6,
        config => HostSpec.Resolve(config).StreamSecondsPerToken!.Value, (config, value) => config with { Host = config.Host with { StreamSecondsPerToken = value } });

    /// <summary>Tokenising.</summary>
    public static FittedConstant Tokenization { get; } = new("tokenization_seconds_per_token", "µs", 1e6, 3e-6, 20e-6,
        config => HostSpec.Resolve(config).TokenizationSecondsPerToken, (config, value) => config with { Host = config.Host with { TokenizationSecondsPerToken = value } });

    /// <summary>The CPU's part of a step.</summary>
    public static FittedConstant Step { get; } = new("step_seconds", "ms", 1e3, 0.5e-3, 8e-3,
        config => config.Host.StepSeconds, (config, value) => config with { Host = config.Host with { StepSeconds = value } })
    { CanHide = true };

    /// <summary>The CPU's part of a step for each sequence.</summary>
    public static FittedConstant Sequence { get; } = new("sequence_seconds", "µs", 1e6, 5e-6, 100e-6,
        config => config.Host.SequenceSeconds, (config, value) => config with { Host = config.Host with { SequenceSeconds = value } })
    { CanHide = true };

    /// <summary>Sorting a logit for top-p.</summary>
    public static FittedConstant SamplerSort { get; } = new("sampler_sort_seconds", "ns", 1e9, 0.05e-9, 1e-9,
        config => (config.Efficiencies ?? KernelEfficiencies.Default).SamplerSortSeconds,
        (config, value) => config with { Efficiencies = (config.Efficiencies ?? KernelEfficiencies.Default) with { SamplerSortSeconds = value } });

    /// <summary>
    /// Time that kernels take to read memory, as a factor. Errors of the kernels' models are about 5%, and must not be taken for the host's doing.
    /// </summary>
    public static FittedConstant MemoryTime { get; } = new("GPU memory time", "times", 1, 0.03, 1, _ => 1, (config, factor) =>
        WithGpu(config, config.Cluster.Gpu with { MemoryBytesPerSecond = config.Cluster.Gpu.MemoryBytesPerSecond / factor }))
    { Prior = 0.05 };

    /// <summary>The same of arithmetic, which is most of a prefill.</summary>
    public static FittedConstant ArithmeticTime { get; } = new("GPU arithmetic time", "times", 1, 0.2, 1, _ => 1, (config, factor) =>
        WithGpu(config, config.Cluster.Gpu with
        {
            Fp16FlopsPerSecond = config.Cluster.Gpu.Fp16FlopsPerSecond / factor,
            Fp32FlopsPerSecond = config.Cluster.Gpu.Fp32FlopsPerSecond / factor,
            Fp8FlopsPerSecond = config.Cluster.Gpu.Fp8FlopsPerSecond / factor,
            Int8OpsPerSecond = config.Cluster.Gpu.Int8OpsPerSecond / factor,
        }))
    { Prior = 0.05 };

    /// <summary>Those of one's own host by clients' clocks, what serving runs tell best first.</summary>
    public static IReadOnlyList<FittedConstant> OfHost { get; } = [MemoryTime, ArithmeticTime, Ingress, Stream, Tokenization, Step, Sequence];

    /// <summary>The same by the engine's clock.</summary>
    public static IReadOnlyList<FittedConstant> OfEngine { get; } = [MemoryTime, ArithmeticTime, Step, Sequence];

    /// <summary>Those whose defaults were found on serving runs.</summary>
    public static IReadOnlyList<FittedConstant> Shipped { get; } = [Ingress, Stream, Tokenization, SamplerSort];

    private static SimulatorConfig WithGpu(SimulatorConfig config, GpuSpec gpu) => config with { Cluster = config.Cluster with { Gpu = gpu } };
}
