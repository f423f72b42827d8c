using LlmSim.Specs;

namespace LlmSim.Calibration;

/// <summary>Whether a profile's figures can be: files may be written by hand.</summary>
internal static class ProfileFigures
{
    private const string Fix = "Make the profile with llmsim calibrate.";
    private const int MostShares = 4; // What passes read from the L2 cache is faster than memory.

    /// <summary>What is wrong with a profile.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="profile">The profile.</param>
    public static List<ConfigProblem> Check(string name, KernelProfile profile)
    {
        var list = new ProblemList();
        Datasheet(list, $"{name}: datasheet", profile.Datasheet);
        foreach (GemmCoefficients gemm in profile.Gemm)
        {
            string field = $"{name}: gemm {gemm.Type}";
            Times(list, field, gemm.LaunchSeconds, gemm.WaveSeconds, gemm.SplitSeconds, gemm.Throttle);
            Shares(list, field, 1, [gemm.Memory, .. gemm.Compute]);
            list.Require(gemm.WaveOverlap is >= 0 and <= 1, $"{field}: wave_overlap", gemm.WaveOverlap, "0 to 1", Fix);
            list.Positive($"{field}: throttle_seconds", gemm.ThrottleSeconds, Fix);
            list.Require(gemm.Compute.Count == GemmCoefficients.TileCount, $"{field}: compute", gemm.Compute.Count, $"{GemmCoefficients.TileCount} numbers", Fix);
            Power(list, field, gemm.Power);
        }

        Prefill(list, $"{name}: prefill", profile.Prefill);

        foreach (DecodeCoefficients decode in profile.Decode)
        {
            string field = $"{name}: decode {(decode.Grouped ? "grouped" : "multi-head")}";
            Times(list, field, decode.LaunchSeconds, decode.BatchedSeconds, decode.SplitSeconds, decode.ItemSeconds, decode.QueryShare, decode.FewItems,
                decode.ItemTrafficSeconds, decode.FillingSeconds);
            list.Positive($"{field}: filling_bytes", decode.FillingBytes, Fix);
            Shares(list, field, 1, decode.Memory);
            Power(list, field, decode.Power);
        }

        Latents(list, name, profile);
        if (profile.Mixed is { } mixed)
        {
            string field = $"{name}: mixed";
            Times(list, field, mixed.StartSeconds, mixed.TileSeconds);
            Shares(list, field, 1, mixed.Memory);
            list.Require(mixed.WaveOverlap is >= 0 and <= 1, $"{field}: wave_overlap", mixed.WaveOverlap, "0 to 1", Fix);
            list.Positive($"{field}: stream", mixed.Stream, Fix);
            list.Positive($"{field}: cache", mixed.Cache, Fix);
            list.Positive($"{field}: cache_power", mixed.CachePower, Fix);
            Power(list, field, mixed.Power);
        }

        foreach (ExpertCoefficients experts in profile.Experts)
        {
            string field = $"{name}: experts {experts.Type}";
            Times(list, field, experts.LaunchSeconds, experts.ExpertSeconds, experts.Rows, experts.Bytes);
            Shares(list, field, 1, experts.Compute, experts.UntunedCompute, experts.Memory);
            Power(list, field, experts.Power);
        }

        foreach (AllReduceCurve curve in profile.AllReduce)
        {
            string field = $"{name}: all_reduce {curve.Ranks}";
            list.AtLeast(2, $"{field}: ranks", curve.Ranks, Fix);
            list.Require(curve.Bytes.Count > 0 && curve.Bytes.Count == curve.Seconds.Count, field, $"{curve.Bytes.Count} sizes, {curve.Seconds.Count} times", "as many, at least one", Fix);
            list.Require(Rises(curve.Bytes, strictly: true) && Rises(curve.Seconds, strictly: false), field, "sizes or times", "finite numbers above 0 that rise", Fix);
        }

        if (profile.Pass is { } pass)
        {
            Times(list, $"{name}: pass", pass.LaunchSeconds);
            Shares(list, $"{name}: pass", MostShares, pass.Memory);
        }

        if (profile.Sampler is { } sampler)
        {
            Times(list, $"{name}: sampler", sampler.StepSeconds);
            Shares(list, $"{name}: sampler", 1, sampler.Memory);
        }

        return list.Problems;
    }

    private static void Prefill(ProblemList list, string field, PrefillCoefficients? prefill)
    {
        if (prefill is not null)
        {
            Times(list, field, prefill.LaunchSeconds, prefill.ChunkSeconds, prefill.HeadSizePower, prefill.Tail);
            Shares(list, field, 1, prefill.Compute, prefill.Memory);
        }
    }

    private static void Latents(ProblemList list, string name, KernelProfile profile)
    {
        Prefill(list, $"{name}: latent_prefill", profile.LatentPrefill);
        if (profile.LatentDecode is { } decode)
        {
            string field = $"{name}: latent_decode";
            Times(list, field, decode.LaunchSeconds, decode.SequenceSeconds, decode.HeadSeconds, decode.SplitSeconds, decode.FewSequences);
            Shares(list, field, 1, decode.Memory, decode.Compute);
            list.Require(decode.TileHeads is >= 1 and < double.PositiveInfinity, $"{field}: tile_heads", decode.TileHeads, "at least 1", Fix);
            list.AtLeast(1, $"{field}: group_heads", decode.GroupHeads, Fix);
            list.Positive($"{field}: group_sequences", decode.GroupSequences, Fix);
            list.Require(decode.Heads is null || (decode.Heads.Count > 0 && decode.Heads.All(one => one > -1000)), $"{field}: heads", decode.Heads?.Count,
                "at least one number, each above -1000", Fix);
            Power(list, field, decode.Power);
        }

        if (profile.Batched is { } batched)
        {
            string field = $"{name}: batched";
            Times(list, field, batched.LaunchSeconds);
            Shares(list, field, 1, batched.Compute, batched.Memory, batched.Cached);
            list.Positive($"{field}: cached_bytes", batched.CachedBytes, Fix);
            Power(list, field, batched.Power);
        }
    }

    private static void Datasheet(ProblemList list, string field, KernelDatasheet sheet)
    {
        list.Positive($"{field}: fp16_flops_per_second", sheet.Fp16FlopsPerSecond, Fix);
        list.Positive($"{field}: fp8_flops_per_second", sheet.Fp8FlopsPerSecond, Fix);
        list.Positive($"{field}: memory_bytes_per_second", sheet.MemoryBytesPerSecond, Fix);
        list.Positive($"{field}: link_bytes_per_second", sheet.LinkBytesPerSecond, Fix);
        list.NotNegative($"{field}: link_latency_seconds", sheet.LinkLatencySeconds, Fix);
        list.AtLeast(1, $"{field}: multiprocessors", sheet.Multiprocessors, Fix);
        list.AtLeast(1, $"{field}: l2_cache_bytes", sheet.L2CacheBytes, Fix);
    }

    private static void Times(ProblemList list, string field, params ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            list.NotNegative(field, value, Fix);
        }
    }

    private static void Shares(ProblemList list, string field, int most, params ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            list.Require(value > 0 && value <= most, field, value, $"a share above 0, at most {most}", Fix);
        }
    }

    private static void Power(ProblemList list, string field, double power) =>
        list.Require(power is >= 1 and < double.PositiveInfinity, $"{field}: power", power, "at least 1", Fix);

    private static bool Rises(IReadOnlyList<double> values, bool strictly)
    {
        double last = 0;
        foreach (double value in values)
        {
            if (!double.IsFinite(value) || value <= 0 || value < last || (strictly && value == last))
            {
                return false;
            }

            last = value;
        }

        return true;
    }
}
