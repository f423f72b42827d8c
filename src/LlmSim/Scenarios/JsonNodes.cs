using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Reads JSON with the line of every value. Comments and trailing commas are allowed.</summary>
internal static class JsonNodes
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The object that a JSON text holds.</summary>
    /// <param name="utf8">The text, with or without a byte order mark.</param>
    /// <param name="path">Name of the file, for messages and relative paths.</param>
    /// <exception cref="ConfigException">It is not JSON, not an object, or gives a key twice.</exception>
    public static ScenarioNode Parse(ReadOnlySpan<byte> utf8, string path)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        var reader = new Utf8JsonReader(utf8, Lenient);
        var cursor = new Cursor(path);
        try
        {
            reader.Read();
            ScenarioNode root = cursor.Read(ref reader, utf8, cursor.Here(ref reader, utf8));
            reader.Read(); // Anything behind the object is an error.
            return ScenarioRoot.Check(root, path);
        }
        catch (JsonException e)
        {
            string why = e.Message.Split(". LineNumber")[0].TrimEnd('.');
            throw new ConfigException(new ConfigProblem($"{path}:{(e.LineNumber ?? 0) + 1}", $"this text ({why})", "valid JSON",
                "Correct the line, or the one before it."));
        }
    }

    /// <summary>Counts lines as reading goes on.</summary>
    private sealed class Cursor(string path)
    {
        private int _counted;
        private long _line = 1;

        public ScenarioOrigin Here(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
        {
            int start = (int)reader.TokenStartIndex;
            _line += utf8[_counted..start].Count((byte)'\n');
            _counted = start;
            return ScenarioOrigin.File(path, _line);
        }

        public ScenarioNode Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ScenarioOrigin origin)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    return ReadObject(ref reader, utf8, origin);
                case JsonTokenType.StartArray:
                    return ReadList(ref reader, utf8, origin);
                case JsonTokenType.Null:
                    return ScenarioNode.Nothing(origin);
                case JsonTokenType.String:
                    return ScenarioNode.Word(origin, reader.GetString()!, isQuoted: true);
                default:
                    return ScenarioNode.Word(origin, System.Text.Encoding.UTF8.GetString(reader.ValueSpan));
            }
        }

        private ScenarioNode ReadList(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ScenarioOrigin origin)
        {
            var items = new List<ScenarioNode>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                items.Add(Read(ref reader, utf8, Here(ref reader, utf8)));
            }

            return ScenarioNode.List(origin, items);
        }

        private ScenarioNode ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, ScenarioOrigin origin)
        {
            ScenarioNode node = ScenarioNode.Object(origin);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string key = reader.GetString()!;
                ScenarioOrigin at = Here(ref reader, utf8);
                if (node[key] is not null)
                {
                    throw ScenarioRoot.Twice(at, key);
                }

                reader.Read();
                node.Set(key, Read(ref reader, utf8, at));
            }

            return node;
        }
    }
}
