using System.Text.Json;
using LlmSim.Catalog;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Scenarios;

/// <summary>Engines: a name, and a release behind it where there are several.</summary>
internal sealed class EngineKind : ValueKind<EngineSpec>
{
    public override EngineSpec Read(ScenarioNode node, string field, EngineSpec current, List<ConfigProblem> problems)
    {
        if (node.Text is { } text && EngineSpec.TryParse(text, out EngineSpec? engine))
        {
            return engine;
        }

        string name = node.Text?.Split('@')[0] ?? "";
        problems.Add(EngineFamilies.Find(name) is { } family
            ? new ConfigProblem(field, node.Describe(), $"releases of {family.Name}: {family.Written}",
                $"Write {family.Name}, or one of these behind an @.")
            : Unknown(node, field, name));
        return current;
    }

    public override IEnumerable<string> Words(string path) => EngineFamilies.All.Select(family => family.Name);

    public override void Write(Utf8JsonWriter writer, EngineSpec value) => writer.WriteStringValue($"{value}");

    private static ConfigProblem Unknown(ScenarioNode node, string field, string name)
    {
        var near = NearNames.Find(name, EngineFamilies.All.SelectMany(family => family.Aliases.Prepend(family.Name)), most: 1);
        return new ConfigProblem(field, node.Describe(), string.Join(", ", EngineFamilies.All.Select(family => family.Name)),
            near.Count > 0 ? $"Did you mean {near[0]}?" : "llmsim engines lists them, and their releases.");
    }
}
