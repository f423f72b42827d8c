using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>The path of a calibration profile, <c>auto</c>, or nothing; a path in a scenario file counts from that file's place.</summary>
internal sealed class ProfileKind : ValueKind<string?>
{
    public override string? Read(ScenarioNode node, string field, string? current, List<ConfigProblem> problems) =>
        node.Text == SimulatorConfig.EmbeddedProfile ? SimulatorConfig.EmbeddedProfile : Kinds.Path.Read(node, field, current, problems);

    public override void Write(Utf8JsonWriter writer, string? value) => Kinds.Path.Write(writer, value);
}
