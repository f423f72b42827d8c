using System.Text.Json;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Scenarios;

/// <summary>Blocks written in C#: named in what is written, refused in what is read.</summary>
internal sealed class BlocksKind : ValueKind<ValueList<LayerBlock>>
{
    public override ValueList<LayerBlock> Read(
        ScenarioNode node, string field, ValueList<LayerBlock> current, List<ConfigProblem> problems)
    {
        problems.Add(new ConfigProblem(field, node.Describe(), "nothing in a file: blocks of your own are for C#",
            "Remove the key, or set LayerGroup.Blocks in C#."));
        return current;
    }

    public override void Write(Utf8JsonWriter writer, ValueList<LayerBlock> value) =>
        writer.WriteStringValue(string.Join(", ", value.Select(block => block.GetType().Name)));
}
