using System.Collections.Concurrent;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Calibration;

/// <summary>The profiles that come with llmsim.</summary>
public static class KernelProfiles
{
    private const string Prefix = "LlmSim.Calibration.Profiles.";

    private static readonly string[] Known =
        ["a100-80gb-sxm", "h100-80gb-sxm", "h200-141gb-sxm", "b200-180gb-sxm", "gb200", "l40s", "rtx-4090", "rtx-pro-6000"];

    // GPUs measured with an older vLLM as well, and its minor version.
    private static readonly (string Gpu, int Minor)[] Older = [("h100-80gb-sxm", 14), ("l40s", 14)];

    private const int NewestMinor = 24;

    private static readonly ConcurrentDictionary<string, KernelProfile> Read = new(StringComparer.Ordinal);

    /// <summary>Names of the GPUs that have one.</summary>
    public static IReadOnlyList<string> Gpus => Known;

    /// <summary>The profile for a GPU: its own, else what those of GPUs like it say; of the nearest version that was measured, where there are several.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="engine">Whose kernels; null, the default, for the newest measured.</param>
    public static KernelProfile For(GpuSpec gpu, EngineSpec? engine = null)
    {
        KernelProfile profile = Gpus.Contains(gpu.Name) ? OfVersion(gpu.Name, engine) : Nearest(gpu, engine);

        if (gpu.Architecture == "ada")
        {
            KernelProfile alike = Get("l40s");
            profile = profile with { LatentPrefill = profile.LatentPrefill ?? alike.LatentPrefill, LatentDecode = profile.LatentDecode ?? alike.LatentDecode };
        }

        // FlashAttention 2, which these run, was measured with mixed batches and unequal contexts on RTX cards alone.
        return gpu.Architecture is "ampere" or "ada"
            ? profile with { Mixed = profile.Mixed ?? Get("rtx-4090").Mixed, Skew = profile.Skew ?? Get("rtx-4090").Skew }
            : profile;
    }

    /// <summary>What profiles of other GPUs say of one.</summary>
    internal static KernelProfile Nearest(GpuSpec gpu, EngineSpec? engine = null) =>
        NearestProfile.For(gpu, Known.Where(name => name != gpu.Name).Select(name => OfVersion(name, engine)));

    /// <summary>The profile that a scenario asks for; null for none.</summary>
    /// <exception cref="ConfigException">Its file cannot be read, is no profile, or one of another GPU or engine.</exception>
    public static KernelProfile? For(SimulatorConfig config) => config.Profile switch
    {
        SimulatorConfig.DatasheetProfile => null,
        SimulatorConfig.EmbeddedProfile => NearestProfile.WithLink(For(config.Cluster.Gpu, config.Engine),
            config.Cluster.Interconnect ?? config.Cluster.Gpu.Interconnect, Known.Select(name => OfVersion(name, config.Engine))),
        string path => ProfileFile.Read(path, config.Cluster.Gpu, config.Engine),
    };

    /// <summary>Where a GPU's kernel times come from, in words.</summary>
    public static string Describe(KernelProfile? profile, GpuSpec gpu) => profile is null
        ? "datasheet rates"
        : $"{(IsOf(profile, gpu) ? "calibrated on" : "scaled from")} {profile.Gpu} ({string.Join(", ", profile.Measured)})";

    // A GPU may bear a measured one's name and have other rates.
    private static bool IsOf(KernelProfile profile, GpuSpec gpu) => profile.Gpu == gpu.Name
        && (profile.Datasheet.Fp16FlopsPerSecond, profile.Datasheet.MemoryBytesPerSecond) == (gpu.Fp16FlopsPerSecond, gpu.MemoryBytesPerSecond);

    private static KernelProfile OfVersion(string gpu, EngineSpec? engine) =>
        engine is VllmEngine vllm && Older.FirstOrDefault(older => older.Gpu == gpu) is { Gpu: not null } found
            && vllm.Minor - found.Minor <= NewestMinor - vllm.Minor
            ? Get($"{found.Gpu}.vllm-0.{found.Minor}")
            : Get(gpu);

    /// <summary>An embedded profile by its file's name.</summary>
    private static KernelProfile Get(string gpu) => Read.GetOrAdd(gpu, static name =>
    {
        using Stream stream = typeof(KernelProfiles).Assembly.GetManifestResourceStream($"{Prefix}{name}.json")
            ?? throw new InvalidOperationException($"profile of {name}");
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return KernelProfileJson.Read(name, text);
    });
}
