using LlmSim.Costs;

namespace LlmSim.Uncertainty;

/// <summary>
/// How far a family of kernels as a whole is off on a GPU without tables of its own: standard deviations of ln(predicted / measured).
/// </summary>
/// <remarks>
/// Root mean square over the GPUs with tables of √(m² + s²/n): m the mean over whole shapes, s their scatter, n shapes of a model. Each GPU was
/// predicted without its own profile from the one that it would then take (scaled), and from the datasheet (assumed). Tables of
/// <c>ai-dynamo/aiconfigurator</c>, vLLM 0.14 and 0.24. Passes and samplers were measured on two GPUs only; theirs are what these differ by.
/// </remarks>
internal static class FamilyErrors
{
    /// <summary>
    /// Experts of a layer that was measured itself: what neighbouring rows of the tables scatter by, and servers do not spread tokens as
    /// evenly.
    /// </summary>
    public const double MeasuredLayer = 0.04;

    /// <summary>With the profile of another GPU.</summary>
    public static double Scaled(KernelFamily family) => family switch
    {
        KernelFamily.Gemm => 0.14, // 0.03 within an architecture; in FP8 0.33.
        KernelFamily.PrefillAttention => 0.23, // 0.07 within an architecture.
        KernelFamily.DecodeAttention => 0.15, // 0.03 within an architecture.
        KernelFamily.Experts => 0.14, // 0.08 in BF16, 0.15 in MXFP4.
        KernelFamily.Communication => 0.57, // over 4 GPUs; 0.07 over 2, 0.76 over 8.
        KernelFamily.MemoryPasses => 0.1, // two GPUs.
        _ => 0.14, // two GPUs.
    };

    /// <summary>Latent attention with the profile of another GPU.</summary>
    public static double ScaledLatent(KernelFamily family) => family == KernelFamily.DecodeAttention
        ? 0.28  // 0.09 to 0.21; 0.63 on A100, whose tables are of an older release.
        : 0.23; // 0.04 to 0.27; 0.5 on B200, whose short prompts vary.

    /// <summary>Latent attention from the datasheet.</summary>
    public static double AssumedLatent(KernelFamily family) => family == KernelFamily.DecodeAttention
        ? 0.59  // 0.1 on H100 and H200, 0.4 on B200 and GB200, 0.6 and more where kernels are Triton's.
        : 0.27; // 0.02 to 0.39.

    /// <summary>From the datasheet, with one efficiency for all GPUs.</summary>
    public static double Assumed(KernelFamily family) => family switch
    {
        KernelFamily.Gemm => 0.14, // 0.03 on H100, which it was fitted on, to 0.3 on A100 and L40S.
        KernelFamily.PrefillAttention => 0.25, // 0.14 to 0.4.
        KernelFamily.DecodeAttention => 0.19, // 0.1 to 0.4.
        KernelFamily.Experts => 0.15, // 0.09 to 0.19.
        KernelFamily.Communication => 0.45, // 0.08 on H100 to 0.74 on L40S.
        KernelFamily.MemoryPasses => 0.2,
        _ => 0.3,
    };
}
