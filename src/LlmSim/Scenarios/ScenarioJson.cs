using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Scenarios as JSON. What is written is complete, with defaults spelled out, and reads back as the same scenario.</summary>
/// <remarks>Of a workload only what is used is written: with a trace, no arrivals and lengths.</remarks>
public static class ScenarioJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>Reads a scenario file.</summary>
    /// <param name="path">The file; paths in it count from its place.</param>
    /// <exception cref="ConfigException">It cannot be read, or something in it is wrong; lists everything found.</exception>
    public static SimulatorConfig Load(string path) => ScenarioReader.Read(JsonNodes.Parse(ScenarioFile.ReadBytes(path), path));

    /// <summary>Reads a scenario from JSON text; paths in it count from the current directory.</summary>
    /// <exception cref="ConfigException">Something in it is wrong; lists everything found.</exception>
    public static SimulatorConfig Parse(string json) => ScenarioReader.Read(JsonNodes.Parse(Encoding.UTF8.GetBytes(json), "scenario"));

    /// <summary>The scenario as indented JSON.</summary>
    public static string Write(SimulatorConfig config)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            Write(writer, config);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the scenario as one JSON object, for example as part of a result.</summary>
    public static void Write(Utf8JsonWriter writer, SimulatorConfig config) => ScenarioSchema.Scenario.Write(writer, config);
}
