using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Kinds of layers, written as an object with each group's name as key.</summary>
/// <param name="group">How one group is read and written.</param>
internal sealed class LayerGroupsKind(ValueKind<LayerGroup> group) : ValueKind<ValueList<LayerGroup>>
{
    public override ValueList<LayerGroup> Read(
        ScenarioNode node, string field, ValueList<LayerGroup> current, List<ConfigProblem> problems)
    {
        if (node.IsNothing)
        {
            return [];
        }

        if (!node.IsObject)
        {
            problems.Add(new ConfigProblem(field, node.Describe(), "an object with a key for each kind of layer",
                "Write for example  local: { count: 12, sliding_window: 128 }."));
            return current;
        }

        return
        [
            .. node.Children.Select(child =>
                group.Read(child.Value, $"{field}.{child.Key}", Blank, problems) with { Name = child.Key }),
        ];
    }

    public override void Write(Utf8JsonWriter writer, ValueList<LayerGroup> value)
    {
        writer.WriteStartObject();
        foreach (var one in value)
        {
            writer.WritePropertyName(one.Name);
            group.Write(writer, one);
        }

        writer.WriteEndObject();
    }

    /// <summary>A group with everything left out.</summary>
    public static LayerGroup Blank => new() { Name = "", Count = 0 };
}
