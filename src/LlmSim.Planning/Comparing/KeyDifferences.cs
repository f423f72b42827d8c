using System.Text.Json;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Planning.Comparing;

/// <summary>Finds what scenarios differ in, by the keys of scenario files.</summary>
internal static class KeyDifferences
{
    private const string NotSet = "default";
    private const string Law = "distribution";

    /// <summary>The keys with different values, in the order of scenario files.</summary>
    public static IReadOnlyList<KeyDifference> Of(IEnumerable<SimulatorConfig> scenarios)
    {
        JsonDocument[] documents = [.. scenarios.Select(scenario => JsonDocument.Parse(ScenarioJson.Write(scenario)))];
        var found = new List<KeyDifference>();
        Add(found, "", [.. documents.Select(document => (JsonElement?)document.RootElement)]);
        foreach (JsonDocument document in documents)
        {
            document.Dispose();
        }

        return found;
    }

    private static void Add(List<KeyDifference> found, string key, JsonElement?[] values)
    {
        if (values.All(value => value is { ValueKind: JsonValueKind.Object }) && !AreOfOtherKinds(values))
        {
            foreach (string name in values.SelectMany(value => value!.Value.EnumerateObject()).Select(property => property.Name).Distinct())
            {
                Add(found, key.Length == 0 ? name : $"{key}.{name}",
                    [.. values.Select(value => value!.Value.TryGetProperty(name, out JsonElement inner) ? inner : (JsonElement?)null)]);
            }
        }
        else if (values.Select(Raw).Distinct().Count() > 1)
        {
            found.Add(new KeyDifference(key, [.. values.Select(Show)]));
        }
    }

    private static string Properties(JsonElement described) => string.Join(' ', described.EnumerateObject()
        .Where(property => property.Value.ValueKind != JsonValueKind.Null)
        .Select(property => property.Name == Law ? Show(property.Value) : $"{property.Name}={Show(property.Value)}"));

    // GPUs and models of other names, and lengths of other laws, differ in nearly all that describes them.
    private static bool AreOfOtherKinds(JsonElement?[] values) =>
        values.All(value => Kind(value!.Value) is not null) && values.Select(value => Kind(value!.Value)).Distinct().Count() > 1;

    private static string? Kind(JsonElement described) => Name(described) ?? Text(described, Law);

    private static string? Name(JsonElement described) => Text(described, "name");

    private static string? Text(JsonElement described, string key) =>
        described.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Raw(JsonElement? value) => value is { ValueKind: not JsonValueKind.Null } known ? known.GetRawText() : NotSet;

    private static string Show(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Object } described => Name(described) ?? Properties(described),
        { ValueKind: JsonValueKind.Array } list => $"{list.GetArrayLength()} described",
        _ => Raw(value),
    };
}
