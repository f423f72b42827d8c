using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Lists of values of one kind, named by number in messages: <c>workload.classes[1].share</c>.</summary>
/// <param name="kind">How a value of the list is read and written.</param>
/// <param name="blank">What a value starts from.</param>
internal sealed class ListKind<T>(ValueKind<T> kind, Func<T> blank) : ValueKind<IReadOnlyList<T>>
{
    public override IReadOnlyList<T> Read(ScenarioNode node, string field, IReadOnlyList<T> current, List<ConfigProblem> problems)
    {
        if (node.IsNothing || node is { IsList: true, Items.Count: 0 })
        {
            return []; // Always the same one, so that records without items are equal.
        }

        if (node.IsList)
        {
            return [.. node.Items.Select((item, i) => kind.Read(item, $"{field}[{i}]", blank(), problems))];
        }

        problems.Add(new ConfigProblem(field, node.Describe(), "a list", "Write one line that begins with a dash for each, or [...]."));
        return current;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value)
    {
        writer.WriteStartArray();
        foreach (T item in value)
        {
            kind.Write(writer, item);
        }

        writer.WriteEndArray();
    }
}
