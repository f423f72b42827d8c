using System.Text.Json;
using LlmSim.Calibration;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>
/// The path of a calibration profile, behind <c>other:</c> if it may be of another GPU or engine, <c>auto</c>, or <c>none</c>; a path in a scenario file
/// counts from that file's place.
/// </summary>
internal sealed class ProfileKind : ValueKind<string>
{
    public override string Read(ScenarioNode node, string field, string current, List<ConfigProblem> problems) =>
        node.Text is not { } text ? Kinds.Path.Read(node, field, current, problems) ?? current
        : text is SimulatorConfig.EmbeddedProfile or SimulatorConfig.DatasheetProfile ? text
        : text.StartsWith(ProfileFile.Other, StringComparison.Ordinal) ? ProfileFile.Other + node.ResolvePath(text[ProfileFile.Other.Length..])
        : Kinds.Path.Read(node, field, current, problems) ?? current;

    public override IEnumerable<string> Words(string path) => [SimulatorConfig.EmbeddedProfile, SimulatorConfig.DatasheetProfile];

    public override void Write(Utf8JsonWriter writer, string value) => Kinds.Path.Write(writer, value);
}
