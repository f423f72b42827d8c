using LlmSim.Specs;

namespace LlmSim.Planning.Plans;

/// <summary>A candidate with the scenario that it stands for.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Config">Its scenario.</param>
internal sealed record Sieved(PlanCandidate Candidate, SimulatorConfig Config);
