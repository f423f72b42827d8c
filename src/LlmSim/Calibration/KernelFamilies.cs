using LlmSim.Specs;

namespace LlmSim.Calibration;

/// <summary>The families of a profile, for listing.</summary>
public static class KernelFamilies
{
    /// <summary>Each family that was measured: its name for people, and how well it was fitted.</summary>
    public static IReadOnlyList<(string Name, FitQuality Quality)> Of(KernelProfile profile)
    {
        var all = new List<(string, FitQuality?)>();
        all.AddRange(profile.Gemm.Select(gemm => ($"GEMM {Name(gemm.Type)}", gemm.Quality)));
        all.Add(("prefill attention", profile.Prefill?.Quality));
        all.AddRange(profile.Decode.Select(decode => ($"decode attention, {(decode.Grouped ? "grouped" : "multi-head")}", decode.Quality)));
        all.Add(("latent prefill attention", profile.LatentPrefill?.Quality));
        all.Add(("latent decode attention", profile.LatentDecode?.Quality));
        all.Add(("batched products", profile.Batched?.Quality));
        all.Add(("mixed attention", profile.Mixed?.Quality));
        all.Add(("unequal contexts", profile.Skew?.Quality));
        all.AddRange(profile.Experts.Select(experts => ($"experts {Name(experts.Type)}", experts.Quality)));
        all.AddRange(profile.AllReduce.Select(curve => ($"all-reduce of {curve.Ranks}", curve.Quality)));
        all.Add(("memory passes", profile.Pass?.Quality));
        all.Add(("sampler", profile.Sampler?.Quality));
        return [.. all.Where(family => family.Item2 is not null).Select(family => (family.Item1, family.Item2!))];
    }

    private static string Name(DataType type) => type.ToString().ToUpperInvariant();
}
