using System.Collections.Concurrent;
using LlmSim.Specs;
using LlmSim.Specs.Engines;
using LlmSim.Workloads;

namespace LlmSim.Calibration;

/// <summary>The profiles that come with llmsim.</summary>
public static class KernelProfiles
{
    private const string Prefix = "LlmSim.Calibration.Profiles.";

    // GPUs that differ from the measured one in memory size alone, or in rates that coefficients are shares of.
    private static readonly (string Gpu, string Architecture)[] Known =
    [
        ("a100-80gb-sxm", "ampere"), ("h100-80gb-sxm", "hopper"), ("h200-141gb-sxm", "hopper"), ("b200-180gb-sxm", "blackwell"),
        ("gb200", "blackwell"), ("l40s", "ada"), ("rtx-4090", "ada"), ("rtx-pro-6000", "blackwell-rtx"),
    ];

    // GPUs measured with an older vLLM as well, and its minor version.
    private static readonly (string Gpu, int Minor)[] Older = [("h100-80gb-sxm", 14), ("h200-141gb-sxm", 14), ("l40s", 14), ("gb200", 14)];

    private const int NewestMinor = 24;

    private static readonly ConcurrentDictionary<string, KernelProfile> Read = new(StringComparer.Ordinal);

    /// <summary>Names of the GPUs that have one.</summary>
    public static IReadOnlyList<string> Gpus { get; } = [.. Known.Select(known => known.Gpu)];

    /// <summary>
    /// The profile for a GPU: its own, else that of the nearest in rates of its architecture, else of all; of the nearest version that was
    /// measured, where there are several.
    /// </summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="engine">Whose kernels; null, the default, for the newest measured.</param>
    public static KernelProfile For(GpuSpec gpu, EngineSpec? engine = null)
    {
        KernelProfile newest = ForNewest(gpu);
        return WithMixed(engine is VllmEngine vllm && Older.FirstOrDefault(older => older.Gpu == newest.Gpu) is { Gpu: not null } found
            && vllm.Minor - found.Minor < NewestMinor - vllm.Minor
            ? Get($"{found.Gpu}.vllm-0.{found.Minor}")
            : newest);

        // FlashAttention 2, which these run, was measured with mixed batches on RTX cards alone.
        KernelProfile WithMixed(KernelProfile profile) => profile.Mixed is null && gpu.Architecture is "ampere" or "ada"
            ? profile with { Mixed = Get("rtx-4090").Mixed }
            : profile;
    }

    private static KernelProfile ForNewest(GpuSpec gpu)
    {
        if (Gpus.Contains(gpu.Name))
        {
            return Get(gpu.Name);
        }

        bool hasKin = Known.Any(known => known.Architecture == gpu.Architecture);
        return Known.Where(known => !hasKin || known.Architecture == gpu.Architecture)
            .Select(known => Get(known.Gpu)).MinBy(profile => Distance(profile.Datasheet, gpu))!;
    }

    /// <summary>The profile that a scenario asks for; null for none.</summary>
    /// <exception cref="ConfigException">Its file cannot be read, or is no profile.</exception>
    public static KernelProfile? For(SimulatorConfig config) => config.Profile switch
    {
        null => null,
        SimulatorConfig.EmbeddedProfile => For(config.Cluster.Gpu, config.Engine),
        string path => ReadFile(path),
    };

    /// <summary>Where a GPU's kernel times come from, in words.</summary>
    public static string Describe(KernelProfile? profile, GpuSpec gpu) => profile is null
        ? "datasheet rates"
        : $"{(profile.Gpu == gpu.Name ? "calibrated on" : "scaled from")} {profile.Gpu} ({string.Join(", ", profile.Measured)})";

    private static KernelProfile ReadFile(string path)
    {
        try
        {
            return KernelProfileJson.Read(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(new ConfigProblem("profile", path, "a file that can be read", e.Message));
        }
    }

    /// <summary>An embedded profile by its file's name.</summary>
    private static KernelProfile Get(string gpu) => Read.GetOrAdd(gpu, static name =>
    {
        using Stream stream = typeof(KernelProfiles).Assembly.GetManifestResourceStream($"{Prefix}{name}.json")
            ?? throw new InvalidOperationException($"profile of {name}");
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return KernelProfileJson.Read(name, text);
    });

    private static double Distance(KernelDatasheet measured, GpuSpec gpu) =>
        Math.Abs(DeterministicMath.Log(measured.Fp16FlopsPerSecond / gpu.Fp16FlopsPerSecond))
        + Math.Abs(DeterministicMath.Log(measured.MemoryBytesPerSecond / gpu.MemoryBytesPerSecond));
}
