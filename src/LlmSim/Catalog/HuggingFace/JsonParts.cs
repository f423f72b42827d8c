using System.Text.Json;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>Looks into JSON values without caring whether they are objects.</summary>
internal static class JsonParts
{
    /// <summary>A property's value; undefined when there is none, or no object.</summary>
    public static JsonElement Part(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var part) ? part : default;

    /// <summary>Whether a property is true.</summary>
    public static bool IsTrue(this JsonElement value, string name) => value.Part(name).ValueKind == JsonValueKind.True;

    /// <summary>A property that is text; null when it is not.</summary>
    public static string? TextOf(this JsonElement value, string name) =>
        value.Part(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A property that is a number; null when it is not.</summary>
    public static double? NumberOf(this JsonElement value, string name) =>
        value.Part(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
