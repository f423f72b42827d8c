using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>A trace, written as the path of its file; a path in a scenario file counts from that file's place.</summary>
internal sealed class TracePathKind : ValueKind<TraceSpec?>
{
    public override TraceSpec? Read(ScenarioNode node, string field, TraceSpec? current, List<ConfigProblem> problems)
    {
        if (node.IsNothing)
        {
            return null;
        }

        if (node.Text is { Length: > 0 } path)
        {
            return new TraceSpec { Path = node.ResolvePath(path) };
        }

        problems.Add(new ConfigProblem(field, node.Describe(), "the path of a trace, plain or gzip", "Name the file."));
        return current;
    }

    public override void Write(Utf8JsonWriter writer, TraceSpec? value) => writer.WriteStringValue(value?.Path);
}
