using LlmSim.Catalog;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Calibration;

/// <summary>The kernel times of a GPU that was not measured, from GPUs that were.</summary>
/// <remarks>
/// <para>
/// Coefficients are shares of the datasheet's rates, so rates themselves carry over; what does not is how kernels are built and which of
/// them wait for memory. Taken is therefore, of the GPUs whose kernels are built on the same instructions, the one with the nearest ratio of
/// arithmetic to bandwidth that also adds up products at the same share of its full rate: GeForce cards do so at half of it, which hides
/// what slows others down. GPUs of unknown instructions take the one nearest in rates. Families that it lacks come from the next.
/// </para>
/// <para>
/// All-reduces hang on the link, not on the GPU: they come from the measured GPU with the nearest one.
/// </para>
/// </remarks>
internal static class NearestProfile
{
    // Half the rate of accumulation moves predictions of attention by 40%, a ratio of arithmetic to bandwidth twice as large by 20%
    // (each GPU by the profile of each other).
    private const double AccumulationWeight = 2;

    /// <summary>Kernel times for a GPU.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="measured">GPUs that were measured; at least one.</param>
    public static KernelProfile For(GpuSpec gpu, IEnumerable<KernelProfile> measured)
    {
        (KernelProfile Profile, GpuSpec Gpu)[] all = [.. measured.Select(profile => (profile, GpuCatalog.Get(profile.Gpu)))];
        string? instructions = Instructions(gpu.Architecture);
        (KernelProfile Profile, GpuSpec Gpu)[] alike = instructions is null ? [] : [.. all.Where(one => Instructions(one.Gpu.Architecture) == instructions)];
        IEnumerable<KernelProfile> ordered = alike.Length > 0
            ? alike.OrderBy(one => KernelDistance(one.Gpu, gpu)).Select(one => one.Profile)
            : all.OrderBy(one => RateDistance(one.Gpu, gpu)).Select(one => one.Profile).Take(1);
        return WithLink(ordered.Aggregate(Complete), gpu.Interconnect, all.Select(one => one.Profile));
    }

    /// <summary>A profile with all-reduces of the measured GPU whose link is nearest to another than its own.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="link">The link.</param>
    /// <param name="measured">GPUs that were measured.</param>
    public static KernelProfile WithLink(KernelProfile profile, InterconnectSpec link, IEnumerable<KernelProfile> measured)
    {
        if (profile.AllReduce.Count > 0 && profile.Datasheet.LinkBytesPerSecond == link.BytesPerSecond)
        {
            return profile;
        }

        KernelProfile? nearest = measured.Where(one => one.AllReduce.Count > 0)
            .MinBy(one => Math.Abs(DeterministicMath.Log(one.Datasheet.LinkBytesPerSecond / link.BytesPerSecond)));
        return nearest is null ? profile : profile with
        {
            AllReduce = nearest.AllReduce,
            Datasheet = profile.Datasheet with
            {
                LinkBytesPerSecond = nearest.Datasheet.LinkBytesPerSecond,
                LinkLatencySeconds = nearest.Datasheet.LinkLatencySeconds,
            },
        };
    }

    private static KernelProfile Complete(KernelProfile profile, KernelProfile next) => profile with
    {
        Gemm = [.. profile.Gemm, .. next.Gemm.Where(one => profile.Gemm.All(own => own.Type != one.Type))],
        Prefill = profile.Prefill ?? next.Prefill,
        Decode = [.. profile.Decode, .. next.Decode.Where(one => profile.Decode.All(own => own.Grouped != one.Grouped))],
        LatentPrefill = profile.LatentPrefill ?? next.LatentPrefill,
        LatentDecode = profile.LatentDecode ?? next.LatentDecode,
        Batched = profile.Batched ?? next.Batched,
        Mixed = profile.Mixed ?? next.Mixed,
        Skew = profile.Skew ?? next.Skew,
        Experts = [.. profile.Experts, .. next.Experts.Where(one => profile.Experts.All(own => own.Type != one.Type))],
        Pass = profile.Pass ?? next.Pass,
        Sampler = profile.Sampler ?? next.Sampler,
    };

    // What matrix units are told by, and with it whose kernels run: cuBLAS and FlashAttention 2 have one set for all up to Ada and for
    // Blackwell without tensor memory, FlashAttention 3 is Hopper's, TensorRT-LLM's kernels are data-center Blackwell's.
    private static string? Instructions(string architecture) => architecture switch
    {
        "turing" or "ampere" or "ada" or "blackwell-rtx" => "mma.sync",
        "hopper" => "wgmma",
        "blackwell" => "tcgen05",
        _ => null,
    };

    private static double KernelDistance(GpuSpec one, GpuSpec other) =>
        Apart(FullRate(one) / one.MemoryBytesPerSecond, FullRate(other) / other.MemoryBytesPerSecond)
        + AccumulationWeight * Apart(one.Fp16FlopsPerSecond / FullRate(one), other.Fp16FlopsPerSecond / FullRate(other));

    private static double RateDistance(GpuSpec one, GpuSpec other) =>
        Apart(one.Fp16FlopsPerSecond, other.Fp16FlopsPerSecond) + Apart(one.MemoryBytesPerSecond, other.MemoryBytesPerSecond);

    // Eight-bit products always run at the full rate, twice that of 16-bit ones.
    private static double FullRate(GpuSpec gpu) => gpu.Int8OpsPerSecond / 2 ?? gpu.Fp16FlopsPerSecond;

    private static double Apart(double one, double other) => Math.Abs(DeterministicMath.Log(one / other));
}
