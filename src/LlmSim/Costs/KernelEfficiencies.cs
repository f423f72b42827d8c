namespace LlmSim.Costs;

/// <summary>
/// What share of a GPU's datasheet rates each family of kernels reaches, and what a launch costs at least.
/// </summary>
/// <remarks>
/// One set for all GPUs. Fitted on measured operators of vLLM 0.14 and 0.24 on H100 (the public tables of
/// <c>ai-dynamo/aiconfigurator</c>) and on layer timings of vLLM 0.19 on RTX 4090 (<c>casys-kaist/LLMServingSim</c>);
/// <c>docs/performance-model.md</c> has the errors, also on GPUs that they were not fitted on.
/// </remarks>
public sealed record KernelEfficiencies
{
    /// <summary>The defaults below.</summary>
    public static KernelEfficiencies Default { get; } = new();

    /// <summary>
    /// Matrix product: share of the peak rate. In (0, 1]. Default 0.80 (mean error of the family 8 to 10% on H100).
    /// </summary>
    public double GemmCompute { get; init; } = 0.80;

    /// <summary>Matrix product: share of the memory bandwidth. In (0, 1]. Default 0.86 (same fit).</summary>
    public double GemmMemory { get; init; } = 0.86;

    /// <summary>Matrix product: seconds each kernel takes on top. At least 0. Default 3.6 µs (same fit).</summary>
    public double GemmLaunchSeconds { get; init; } = 3.6e-6;

    /// <summary>
    /// Experts: share of the peak rate when each has many rows. In (0, 1]. Default 0.61, shapes that vLLM has a tuned
    /// kernel for; 0.39 without one (fused MoE on H100, vLLM 0.24; mean error in BF16 5% up to 512 tokens, 9% above).
    /// </summary>
    public double ExpertCompute { get; init; } = 0.61;

    /// <summary>Experts: rows of an expert at which half that rate is reached. At least 0. Default 17 (same fit).</summary>
    public double ExpertRows { get; init; } = 17;

    /// <summary>Experts: share of the memory bandwidth for many weights. In (0, 1]. Default 0.93 (same fit).</summary>
    public double ExpertMemory { get; init; } = 0.93;

    /// <summary>
    /// Experts: bytes of weights at which half that bandwidth is reached. At least 0. Default 55 MB (same fit).
    /// </summary>
    public double ExpertBytes { get; init; } = 55e6;

    /// <summary>
    /// Experts: how arithmetic and traffic add up, (c^p + m^p)^(1/p). At least 1. Default 1.65 (same fit).
    /// </summary>
    public double ExpertPower { get; init; } = 1.65;

    /// <summary>Experts: seconds a layer takes on top. At least 0. Default 14 µs (same fit).</summary>
    public double ExpertLaunchSeconds { get; init; } = 14e-6;

    /// <summary>Experts: seconds that each distinct expert adds. At least 0. Default 0.11 µs (same fit).</summary>
    public double ExpertSeconds { get; init; } = 0.11e-6;

    /// <summary>
    /// Prefill attention: share of the peak rate. In (0, 1]. Default 0.65 (mean error of the family 12 to 14% on H100).
    /// </summary>
    public double PrefillCompute { get; init; } = 0.65;

    /// <summary>Prefill attention: share of the memory bandwidth. In (0, 1]. Default 0.37 (same fit).</summary>
    public double PrefillMemory { get; init; } = 0.37;

    /// <summary>Prefill attention: seconds each kernel takes on top. At least 0. Default 12 µs (same fit).</summary>
    public double PrefillLaunchSeconds { get; init; } = 12e-6;

    /// <summary>
    /// Decode attention: share of the peak rate. In (0, 1]. Default 0.65, as prefill; it never binds on the known GPUs.
    /// </summary>
    public double DecodeCompute { get; init; } = 0.65;

    /// <summary>
    /// Decode attention: share of the memory bandwidth. In (0, 1]. Default 0.90: the median on H100 of reads beyond 150
    /// MB, which leave the L2 cache cold, is 0.91.
    /// </summary>
    public double DecodeMemory { get; init; } = 0.90;

    /// <summary>
    /// Decode attention: seconds each kernel takes on top. At least 0. Default 13 µs (12 µs for the smallest batches).
    /// </summary>
    public double DecodeLaunchSeconds { get; init; } = 13e-6;

    /// <summary>
    /// Norms, rotary embedding, activation, copies: share of the memory bandwidth. In (0, 1]. Default 0.75.
    /// </summary>
    public double ElementwiseMemory { get; init; } = 0.75;

    /// <summary>
    /// Same: what bytes that the L2 cache holds are read and written at, as a multiple of the memory bandwidth. At least <see
    /// cref="ElementwiseMemory"/>. Default 1.6: 5.5 TB/s on H100; layer timings on RTX 4090 and RTX PRO 6000 give 2.4.
    /// </summary>
    public double ElementwiseCached { get; init; } = 1.6;

    /// <summary>
    /// Same: seconds each kernel takes on top. At least 0. Default 2.6 µs (1.9 to 2.8 µs on RTX 4090).
    /// </summary>
    public double ElementwiseLaunchSeconds { get; init; } = 2.6e-6;

    /// <summary>
    /// Collectives: share of the link's bandwidth. In (0, 1]. Default 0.65: messages of 1 to 64 MB on 2 to 8 H100 and
    /// A100 reach 0.55 to 0.75.
    /// </summary>
    public double LinkBandwidth { get; init; } = 0.65;

    /// <summary>
    /// KV blocks to host memory and back: share of the host link's bandwidth. In (0, 1]. Default 0.80, assumed: about what large
    /// copies between a GPU and pinned memory reach of PCIe's raw rate.
    /// </summary>
    public double HostLink { get; init; } = 0.80;

    /// <summary>
    /// Two-shot and ring all-reduce: floor as a multiple of the link's latency. At least 1. Default 1.6, which puts the
    /// switch from one-shot on 4 H100 at 0.5 MB, where vLLM has it.
    /// </summary>
    public double TwoPhaseLatencyFactor { get; init; } = 1.6;

    /// <summary>Sampler: seconds a step. At least 0. Default 25 µs (layer timings, vocabulary of 128,256).</summary>
    public double SamplerStepSeconds { get; init; } = 25e-6;

    /// <summary>Sampler: seconds a row, without top-k or top-p sorting. At least 0. Default 0.3 µs (same).</summary>
    public double SamplerRowSeconds { get; init; } = 0.3e-6;

    /// <summary>
    /// Sampler: seconds a step more when rows are sorted, for a dozen small kernels. At least 0. Default 100 µs: measured H100 servers of
    /// Llama-2 take about that much longer with few sequences than their other kernels.
    /// </summary>
    public double SamplerSortStepSeconds { get; init; } = 100e-6;

    /// <summary>
    /// Sampler: seconds a logit when rows are sorted for top-p. At least 0. Default 0.2 ns: measured H100 servers of Llama-2, whose
    /// generation defaults set top-p, take about 6.5 µs more for each row of 32,000 logits than those of Mixtral, whose do not.
    /// </summary>
    public double SamplerSortSeconds { get; init; } = 0.2e-9;
}
