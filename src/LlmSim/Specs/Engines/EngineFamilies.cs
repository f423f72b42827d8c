namespace LlmSim.Specs.Engines;

/// <summary>The engines known by name.</summary>
internal static class EngineFamilies
{
    /// <summary>All, in listing order.</summary>
    public static IReadOnlyList<EngineFamily> All { get; } =
    [
        VllmEngine.Engines, SglangEngine.Engines, TensorRtEngine.Engines, SarathiEngine.Engines, OrcaEngine.Engines,
        BatchedEngine.StaticEngines, BatchedEngine.DynamicEngines,
    ];

    /// <summary>The family of a name or another name of it; null for none.</summary>
    public static EngineFamily? Find(string name) => All.FirstOrDefault(
        family => family.Aliases.Prepend(family.Name).Contains(name.Replace('_', '-'), StringComparer.OrdinalIgnoreCase));
}
