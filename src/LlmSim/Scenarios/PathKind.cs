using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>The path of a file, or nothing; a path in a scenario file counts from that file's place.</summary>
internal sealed class PathKind : ValueKind<string?>
{
    public override string? Read(ScenarioNode node, string field, string? current, List<ConfigProblem> problems)
    {
        if (node.IsNothing)
        {
            return null;
        }

        if (node.Text is { Length: > 0 } path)
        {
            return node.ResolvePath(path);
        }

        problems.Add(new ConfigProblem(field, node.Describe(), "the path of a file", "Name the file."));
        return current;
    }

    public override void Write(Utf8JsonWriter writer, string? value) => writer.WriteStringValue(value);
}
