namespace LlmSim.Planning.Plans;

/// <summary>How sure it is that a deployment keeps its goals.</summary>
/// <param name="Draws">How many times the model's errors were drawn.</param>
/// <param name="Kept">In how many of these the goals are kept.</param>
/// <param name="MostPerSecond">The highest rate at which they are kept as things are; null where it has none.</param>
/// <param name="Unit">What that rate counts.</param>
public sealed record PlanSureness(int Draws, int Kept, double? MostPerSecond, string Unit);
