using LlmSim.Specs.Blocks;

namespace LlmSim.Costs;

/// <summary>Factors on the times of the families of kernels, launches included; all kernels of a family take the same. Each above 0, default 1.</summary>
public sealed record KernelScales
{
    /// <summary>All times as they are.</summary>
    public static KernelScales None { get; } = new();

    /// <summary>On matrix products, the router's and the LM head's included.</summary>
    public double Gemm { get; init; } = 1;

    /// <summary>On prefill attention.</summary>
    public double PrefillAttention { get; init; } = 1;

    /// <summary>On decode attention.</summary>
    public double DecodeAttention { get; init; } = 1;

    /// <summary>On the experts' products.</summary>
    public double Experts { get; init; } = 1;

    /// <summary>On collectives, messages between pipeline stages, and what goes to host memory and back.</summary>
    public double Communication { get; init; } = 1;

    /// <summary>On kernels that only move memory: norms, rotary embedding, activation, embedding.</summary>
    public double MemoryPasses { get; init; } = 1;

    /// <summary>On the sampler.</summary>
    public double Sampler { get; init; } = 1;

    /// <summary>Whether any factor is not 1.</summary>
    internal bool IsSet => this != None;

    /// <summary>The factor on an operator.</summary>
    internal double Of(StepOperator op) => Of(FamilyOf(op));

    /// <summary>The factor on a family.</summary>
    internal double Of(KernelFamily family) => family switch
    {
        KernelFamily.Gemm => Gemm,
        KernelFamily.PrefillAttention => PrefillAttention,
        KernelFamily.DecodeAttention => DecodeAttention,
        KernelFamily.Experts => Experts,
        KernelFamily.Communication => Communication,
        KernelFamily.MemoryPasses => MemoryPasses,
        KernelFamily.Sampler => Sampler,
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "not a known family"),
    };

    /// <summary>The family of an operator's kernels.</summary>
    internal static KernelFamily FamilyOf(StepOperator op) => op switch
    {
        StepOperator.Embedding or StepOperator.Norms or StepOperator.RotaryAndKvWrite or StepOperator.MlpActivation or StepOperator.FinalNorm
            => KernelFamily.MemoryPasses,
        StepOperator.QkvProjection or StepOperator.OutputProjection or StepOperator.MlpUp or StepOperator.MlpDown or StepOperator.Router
            or StepOperator.LmHead => KernelFamily.Gemm,
        StepOperator.LatentExpansion or StepOperator.PrefillScores or StepOperator.PrefillValues => KernelFamily.PrefillAttention,
        StepOperator.DecodeScores or StepOperator.DecodeValues => KernelFamily.DecodeAttention,
        StepOperator.Experts => KernelFamily.Experts,
        StepOperator.AllReduce or StepOperator.LogitsGather or StepOperator.StageTransfer or StepOperator.KvSwap => KernelFamily.Communication,
        StepOperator.Sampler => KernelFamily.Sampler,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a known operator"),
    };
}
