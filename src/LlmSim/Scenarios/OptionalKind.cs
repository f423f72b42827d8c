using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Values that may be missing: <c>null</c> or the word <c>auto</c> means the default.</summary>
internal sealed class OptionalKind<T>(ValueKind<T> kind) : ValueKind<T?>
    where T : struct
{
    public override T? Read(ScenarioNode node, string field, T? current, List<ConfigProblem> problems)
    {
        if (node.IsNothing || node.Text == Kinds.Auto)
        {
            return null;
        }

        int before = problems.Count;
        T value = kind.Read(node, field, current ?? default, problems);
        return problems.Count > before ? current : value;
    }

    public override IEnumerable<string> Words(string path)
    {
        string[] words = [.. kind.Words(path)];
        return words.Length > 0 ? [.. words, Kinds.Auto] : words;
    }

    public override void Write(Utf8JsonWriter writer, T? value)
    {
        if (value is { } some)
        {
            kind.Write(writer, some);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
