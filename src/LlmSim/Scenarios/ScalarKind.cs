using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Values written as one word or number.</summary>
/// <param name="allowed">What is allowed, for messages.</param>
/// <param name="fix">What to do when it is something else.</param>
/// <param name="quotes">Whether the word may stand in quotes: true for words, false for numbers.</param>
/// <param name="parse">Reads the text.</param>
/// <param name="write">Writes the value.</param>
internal sealed class ScalarKind<T>(
    string allowed, string fix, bool quotes, ScalarParser<T> parse, Action<Utf8JsonWriter, T> write) : ValueKind<T>
{
    public override T Read(ScenarioNode node, string field, T current, List<ConfigProblem> problems)
    {
        if (node.Text is { } text && (quotes || !node.IsQuoted) && parse(text, out T value))
        {
            return value;
        }

        problems.Add(new ConfigProblem(field, node.Describe(), allowed, fix));
        return current;
    }

    public override void Write(Utf8JsonWriter writer, T value) => write(writer, value);
}
