using System.Collections.Concurrent;
using LlmSim.Specs;
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

    private static readonly ConcurrentDictionary<string, KernelProfile> Read = new(StringComparer.Ordinal);

    /// <summary>Names of the GPUs that have one.</summary>
    public static IReadOnlyList<string> Gpus { get; } = [.. Known.Select(known => known.Gpu)];

    /// <summary>
    /// The profile for a GPU: its own, else that of the nearest in rates of its architecture, else of all.
    /// </summary>
    public static KernelProfile For(GpuSpec gpu)
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
        SimulatorConfig.EmbeddedProfile => For(config.Cluster.Gpu),
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

    /// <summary>The profile of a GPU of <see cref="Gpus"/>.</summary>
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
