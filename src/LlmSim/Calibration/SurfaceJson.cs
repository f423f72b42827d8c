using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmSim.Calibration;

/// <summary>A surface as an array of rows, a row a line.</summary>
internal sealed class SurfaceJson : JsonConverter<Surface>
{
    /// <inheritdoc />
    public override Surface Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var rows = new List<List<int>>();
        Expect(reader.TokenType == JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            List<int>? row = NumberRow.Read(ref reader);
            Expect(row is not null);
            rows.Add(row);
        }

        Expect(reader.TokenType == JsonTokenType.EndArray && rows.Count > 0
            && rows.TrueForAll(row => row.Count == rows[0].Count && row.Count > 0 && row.TrueForAll(number => number > -1000)));
        return new Surface { Thousandths = rows };
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, Surface value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (IReadOnlyList<int> row in value.Thousandths)
        {
            NumberRow.Write(writer, row.Select(number => (long)number));
        }

        writer.WriteEndArray();
    }

    private static void Expect([DoesNotReturnIf(false)] bool condition)
    {
        if (!condition)
        {
            throw new JsonException("rows of equally many whole numbers above -1000 are expected");
        }
    }
}
