using LlmSim.Specs;

namespace LlmSim.Calibration;

/// <summary>
/// Kernel times of one GPU, fitted on measured tables: shares of the datasheet's rates, and fixed times, for each family of
/// kernels. Families that were not measured are null or empty.
/// </summary>
public sealed record KernelProfile
{
    /// <summary>The newest form of the file that this version reads and writes.</summary>
    public const int NewestSchema = 1;

    /// <summary>Form of the file.</summary>
    public int Schema { get; init; } = NewestSchema;

    /// <summary>The GPU's name in the catalogue.</summary>
    public required string Gpu { get; init; }

    /// <summary>Engines and versions whose kernels were measured.</summary>
    public required IReadOnlyList<string> Measured { get; init; }

    /// <summary>Where the tables come from, and under which licence.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>What the coefficients are shares of.</summary>
    public required KernelDatasheet Datasheet { get; init; }

    /// <summary>Matrix products, by number format.</summary>
    public IReadOnlyList<GemmCoefficients> Gemm { get; init; } = [];

    /// <summary>Prefill attention.</summary>
    public PrefillCoefficients? Prefill { get; init; }

    /// <summary>Decode attention, with key/value heads that are shared and with such that are not.</summary>
    public IReadOnlyList<DecodeCoefficients> Decode { get; init; } = [];

    /// <summary>Prefill attention of models with latent attention; null where it was not measured.</summary>
    public PrefillCoefficients? LatentPrefill { get; init; }

    /// <summary>Decode attention to latent vectors; null where it was not measured.</summary>
    public LatentCoefficients? LatentDecode { get; init; }

    /// <summary>Products of each head with a matrix of its own; null where they were not measured.</summary>
    public BatchedCoefficients? Batched { get; init; }

    /// <summary>
    /// Decode attention in steps that compute prompt chunks as well; null where it takes what it takes without (FlashAttention 3).
    /// </summary>
    public MixedCoefficients? Mixed { get; init; }

    /// <summary>Decode attention of contexts that differ; null where nothing is known of it.</summary>
    public SkewCoefficients? Skew { get; init; }

    /// <summary>Experts, by number format.</summary>
    public IReadOnlyList<ExpertCoefficients> Experts { get; init; } = [];

    /// <summary>All-reduces, by number of GPUs.</summary>
    public IReadOnlyList<AllReduceCurve> AllReduce { get; init; } = [];

    /// <summary>Kernels that only move memory.</summary>
    public PassCoefficients? Pass { get; init; }

    /// <summary>The sampler.</summary>
    public SamplerCoefficients? Sampler { get; init; }

    /// <summary>Products in a number format, else in another; null where none was measured.</summary>
    internal GemmCoefficients? GemmFor(DataType type) => Gemm.FirstOrDefault(one => one.Type == type) ?? Gemm.ElementAtOrDefault(0);

    /// <summary>Decode attention with or without shared key/value heads, else the other; null where none was measured.</summary>
    internal DecodeCoefficients? DecodeFor(bool grouped) => Decode.FirstOrDefault(one => one.Grouped == grouped) ?? Decode.ElementAtOrDefault(0);

    /// <summary>Experts in a number format, else in that of the kernels that take its place, else in another; null where none was measured.</summary>
    internal ExpertCoefficients? ExpertsFor(DataType type, DataType instead) => Experts.FirstOrDefault(one => one.Type == type)
        ?? Experts.FirstOrDefault(one => one.Type == instead) ?? Experts.ElementAtOrDefault(0);
}
