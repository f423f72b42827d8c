using System.Text.Json;
using System.Text.Json.Serialization;
using LlmSim.Specs;

namespace LlmSim.Calibration;

/// <summary>How profiles are read and written, without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(KernelProfile), TypeInfoPropertyName = "Profile")]
internal sealed partial class KernelProfileJson : JsonSerializerContext
{
    /// <summary>The profile as text, ending in a line break.</summary>
    public static string Write(KernelProfile profile) => JsonSerializer.Serialize(profile, Default.Profile) + "\n";

    /// <summary>Reads a profile.</summary>
    /// <exception cref="ConfigException">The text is not one, or of a later form.</exception>
    public static KernelProfile Read(string name, ReadOnlySpan<byte> text)
    {
        const string fix = "Make it with llmsim calibrate.";
        try
        {
            // The form first: what a later one has is not known here.
            int? schema = SchemaOf(text);
            if (schema is not (>= 1 and <= KernelProfile.NewestSchema))
            {
                throw new ConfigException(new ConfigProblem(
                    $"{name}: schema", schema is null ? "none" : $"{schema}", $"1 to {KernelProfile.NewestSchema}", "Use a newer llmsim, or calibrate again."));
            }

            return JsonSerializer.Deserialize(text, Default.Profile) is { } profile ? Complete(profile)
                : throw new ConfigException(new ConfigProblem(name, "null", "a calibration profile", fix));
        }
        catch (JsonException e)
        {
            throw new ConfigException(new ConfigProblem(name, $"at {e.Path ?? "$"}, line {e.LineNumber + 1}: {e.Message}", "a calibration profile", fix));
        }
    }

    // Lists that a file leaves out are null after reading: records with required properties are made without their defaults.
    private static KernelProfile Complete(KernelProfile profile) => profile with
    {
        Gemm = profile.Gemm ?? [],
        Decode = profile.Decode ?? [],
        Experts = [.. (profile.Experts ?? []).Select(one => one with { Untuned = one.Untuned ?? [], Layers = one.Layers ?? [] })],
        AllReduce = profile.AllReduce ?? [],
    };

    private static int? SchemaOf(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("schema"))
            {
                return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int schema) ? schema : null;
            }
        }

        return null;
    }
}
