namespace LlmSim.Costs;

/// <summary>Durations of successive decode steps of one batch, in quanta of 2⁻²⁰ ns.</summary>
/// <param name="First">Duration of the first step. Above 0.</param>
/// <param name="Growth">How much longer each step is than the one before. At least 0.</param>
/// <param name="ValidSteps">For how many steps this holds, the first included. At least 1.</param>
public readonly record struct DecodeRunCost(long First, long Growth, long ValidSteps);
