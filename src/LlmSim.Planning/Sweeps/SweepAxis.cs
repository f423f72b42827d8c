using LlmSim.Scenarios;

namespace LlmSim.Planning.Sweeps;

/// <summary>A field that a sweep varies.</summary>
/// <param name="Path">The field.</param>
/// <param name="Values">Its values in order, each with the place where it was given. At least one.</param>
internal sealed record SweepAxis(FieldPath Path, IReadOnlyList<ScenarioNode> Values);
