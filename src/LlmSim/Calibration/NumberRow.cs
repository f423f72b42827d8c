using System.Globalization;
using System.Text.Json;

namespace LlmSim.Calibration;

/// <summary>Whole numbers as a JSON array on a line of its own, which the indented form does not do.</summary>
internal static class NumberRow
{
    private const string NewLine = "\n        ";

    /// <summary>Reads an array of numbers at whose start the reader stands; null if it is none.</summary>
    public static List<int>? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        var numbers = new List<int>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            numbers.Add(reader.GetInt32());
        }

        return reader.TokenType == JsonTokenType.EndArray ? numbers : null;
    }

    /// <summary>Writes the array.</summary>
    public static void Write(Utf8JsonWriter writer, IEnumerable<long> numbers) =>
        writer.WriteRawValue($"{NewLine}[{string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}]");
}
