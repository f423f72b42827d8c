using System.Text.Json;
using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Values that are one of a few words; case, and dashes for underscores, do not count.</summary>
/// <param name="words">Each value with its word, then the other words for it.</param>
internal sealed class EnumKind<T>(params (T Value, string Word, string[] Others)[] words) : ValueKind<T>
    where T : struct, Enum
{
    /// <summary>A word that leaves the value as it is; null when there is none.</summary>
    public string? KeepWord { get; init; }

    public override T Read(ScenarioNode node, string field, T current, List<ConfigProblem> problems)
    {
        string? given = node.Text?.Replace('-', '_').ToLowerInvariant();
        if (given is not null && given == KeepWord)
        {
            return current;
        }

        foreach ((T value, string word, string[] others) in words)
        {
            if (given is not null && (given == word || others.Contains(given)))
            {
                return value;
            }
        }

        var near = NearNames.Find(given ?? "", words.SelectMany(entry => entry.Others.Prepend(entry.Word)), most: 1);
        problems.Add(new ConfigProblem(field, node.Describe(), string.Join(", ", Words("")),
            near.Count > 0 ? $"Did you mean {near[0]}?" : "Choose one of these."));
        return current;
    }

    public override IEnumerable<string> Words(string path)
    {
        IEnumerable<string> names = words.Select(entry => entry.Word);
        return KeepWord is null ? names : names.Append(KeepWord);
    }

    public override void Write(Utf8JsonWriter writer, T value) =>
        writer.WriteStringValue(words.First(entry => EqualityComparer<T>.Default.Equals(entry.Value, value)).Word);
}
