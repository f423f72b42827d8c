using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>
/// The fields of a <c>config.json</c> under the several names that model families have for them. A multimodal model's
/// language part (text_config) is looked at first. What has the wrong type is a problem and counts as missing.
/// </summary>
internal sealed class ConfigFields
{
    private const string Fix = "Take the file as the model's repository has it.";

    // Above the longest context of any model, and low enough that no product of two overflows.
    private const int Most = 1 << 24;

    private static readonly string[] LanguageParts = ["text_config", "language_config", "llm_config"];

    private readonly JsonElement _root;
    private readonly JsonElement _language;

    /// <summary>Looks at a config.</summary>
    /// <param name="root">The JSON object.</param>
    /// <param name="place">The file, for messages.</param>
    public ConfigFields(JsonElement root, string place)
    {
        _root = root;
        Place = place;
        _language = LanguageParts
            .Select(name => root.TryGetProperty(name, out var part) ? part : default)
            .FirstOrDefault(part => part.ValueKind == JsonValueKind.Object, root);
    }

    /// <summary>The file, for messages.</summary>
    public string Place { get; }

    /// <summary>What is wrong so far.</summary>
    public List<ConfigProblem> Problems { get; } = [];

    /// <summary>Adds a problem with a field.</summary>
    public void Problem(string name, string value, string allowed, string fix = Fix) =>
        Problems.Add(new ConfigProblem($"{Place}: {name}", value, allowed, fix));

    /// <summary>The first of these fields that is there and not null.</summary>
    public JsonElement? Find(params ReadOnlySpan<string> names) => Find(out _, names);

    /// <summary>Whether one of these fields is there and not null, false, 0 or empty.</summary>
    public bool Has(params ReadOnlySpan<string> names) => Find(names) is { } value && value.ValueKind switch
    {
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetDouble() != 0,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => true,
    };

    /// <summary>A whole number; null when it is missing.</summary>
    public int? Int(params ReadOnlySpan<string> names)
    {
        if (Find(out string name, names) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number is >= 0 and <= Most)
        {
            return number;
        }

        Problem(name, Short(value), $"a whole number, 0 to {Most}");
        return null;
    }

    /// <summary>A whole number that must be there and at least 1; 1 when it is not.</summary>
    public int Required(params ReadOnlySpan<string> names)
    {
        int problems = Problems.Count;
        int? value = Int(names);
        if (value is null or < 1 && Problems.Count == problems)
        {
            string others = names.Length > 1 ? $" (or {string.Join(", ", names[1..].ToArray())})" : "";
            Problem(names[0], value is null ? "nothing" : "0", $"a whole number, at least 1{others}");
        }

        return value is null or < 1 ? 1 : value.Value;
    }

    /// <summary>True or false; null when it is missing.</summary>
    public bool? Flag(params ReadOnlySpan<string> names)
    {
        if (Find(out string name, names) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Problem(name, Short(value), "true or false");
        return null;
    }

    /// <summary>Text; null when it is missing.</summary>
    public string? Text(params ReadOnlySpan<string> names) =>
        Find(names) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A list with an entry for each layer; null when it is missing or of another length.</summary>
    public IReadOnlyList<JsonElement>? PerLayer(string name, int layers)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            return null;
        }

        if (list.GetArrayLength() != layers)
        {
            Problem(name, $"{list.GetArrayLength()} entries", $"one for each of the {layers} layers");
            return null;
        }

        return [.. list.EnumerateArray()];
    }

    /// <summary>A value as a message shows it.</summary>
    public static string Short(JsonElement value)
    {
        string text = string.Join(' ', value.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= 40 ? text : $"{text[..37]}...";
    }

    private JsonElement? Find(out string name, params ReadOnlySpan<string> names)
    {
        foreach (string candidate in names)
        {
            foreach (var part in (ReadOnlySpan<JsonElement>)[_language, _root])
            {
                if (part.TryGetProperty(candidate, out var value) && value.ValueKind != JsonValueKind.Null)
                {
                    name = candidate;
                    return value;
                }
            }
        }

        name = "";
        return null;
    }
}
