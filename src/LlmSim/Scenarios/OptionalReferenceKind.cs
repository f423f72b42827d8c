using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>As <see cref="OptionalKind{T}"/>, for values that are references.</summary>
internal sealed class OptionalReferenceKind<T>(ValueKind<T> kind, Func<T> blank) : ValueKind<T?>
    where T : class
{
    public override T? Read(ScenarioNode node, string field, T? current, List<ConfigProblem> problems)
    {
        if (node.IsNothing || node.Text == Kinds.Auto)
        {
            return null;
        }

        int before = problems.Count;
        T value = kind.Read(node, field, current ?? blank(), problems);
        return problems.Count > before ? current : value;
    }

    public override void Write(Utf8JsonWriter writer, T? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            kind.Write(writer, value);
        }
    }

    public override bool HasKey(string name) => kind.HasKey(name);

    public override IEnumerable<string> Words(string path) => kind.Words(path);
}
