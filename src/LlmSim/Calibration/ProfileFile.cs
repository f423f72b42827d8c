using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Calibration;

/// <summary>A user's profile, which must be of the GPU and the engine simulated unless the scenario says in words that it may be another's.</summary>
internal static class ProfileFile
{
    /// <summary>What the path of a profile of another GPU, engine or version starts with.</summary>
    public const string Other = "other:";

    private const string Unversioned = "in"; // Layer timings name their engine, but not its version: "in vLLM".

    /// <summary>Reads a profile.</summary>
    /// <param name="value">The path, behind <see cref="Other"/> if it may be of another GPU, engine or version.</param>
    /// <param name="gpu">The GPU simulated.</param>
    /// <param name="engine">The engine simulated.</param>
    /// <exception cref="ConfigException">It cannot be read, is no profile, holds figures that cannot be, or is of another; lists all that is wrong.</exception>
    public static KernelProfile Read(string value, GpuSpec gpu, EngineSpec engine)
    {
        bool mayBeOther = value.StartsWith(Other, StringComparison.Ordinal);
        string path = mayBeOther ? value[Other.Length..] : value;
        KernelProfile profile = KernelProfileJson.Read(path, Bytes(path));
        List<ConfigProblem> problems = ProfileFigures.Check(path, profile);
        if (!mayBeOther)
        {
            const string field = "profile";
            string all = $"or write {Other}{path} to scale its times on purpose.";
            if (profile.Gpu != gpu.Name)
            {
                problems.Add(new ConfigProblem(field, $"{path}, measured on {profile.Gpu},", $"a profile of {gpu.Name}, the GPU simulated",
                    $"Calibrate with tables of it, take {SimulatorConfig.EmbeddedProfile}, {all}"));
            }

            if (!profile.Measured.Any(measured => IsOf(measured, engine)))
            {
                problems.Add(new ConfigProblem(field, $"{path}, measured with {string.Join(", ", profile.Measured)},", $"a profile of {Written(engine)}, the engine simulated",
                    $"Calibrate with --engine and --engine-version, choose the release with --engine, {all}"));
            }
        }

        return problems.Count == 0 ? profile : throw new ConfigException(problems);
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(new ConfigProblem("profile", path, "a file that can be read", e.Message));
        }
    }

    private static string Written(EngineSpec engine) => engine.Release is null ? engine.Name : $"{engine.Name} {engine.Release}";

    // Whether kernels are those of an engine: of its release, of one after the newest known when that is simulated, or without a version. Batching of
    // the literature has no kernels of its own.
    private static bool IsOf(string measured, EngineSpec engine)
    {
        string[] words = measured.Split(' ');
        if (words is not [var name, var version])
        {
            return false;
        }

        if (engine is not (VllmEngine or SglangEngine or TensorRtEngine))
        {
            return true;
        }

        if (name == Unversioned)
        {
            return Is(version);
        }

        return Is(name) && (engine.Release is null || (Version.TryParse(version, out Version? given) && Version.TryParse(engine.Release, out Version? simulated)
            && ((given.Major, given.Minor) == (simulated.Major, simulated.Minor)
                || (engine == engine.Family.Read(null) && (given.Major, given.Minor).CompareTo((simulated.Major, simulated.Minor)) > 0))));

        bool Is(string written) => engine.Family.Aliases.Prepend(engine.Name).Contains(written, StringComparer.OrdinalIgnoreCase);
    }
}
