using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>What every scenario file must be, whatever its format.</summary>
internal static class ScenarioRoot
{
    /// <summary>The root of a file: an object; an empty file is one without keys.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    public static ScenarioNode Check(ScenarioNode root, string path) =>
        root.IsObject ? root
        : root.IsNothing ? root.AsObject()
        : throw new ConfigException(new ConfigProblem(path, root.Describe(), "an object with keys",
            "Start with lines such as 'model: llama-2-7b'."));

    /// <summary>A key that stands twice in one object.</summary>
    public static ConfigException Twice(ScenarioOrigin origin, string key) => new(new ConfigProblem(
        origin.Label(key), "this key a second time", "once in an object", "Remove one of the two."));
}
