using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>The scheduler formed a step.</summary>
/// <param name="Time">When the scheduler decided; the step may start later.</param>
/// <param name="Step">What is in it. Reused by the engine: copy what you keep.</param>
public readonly record struct BatchFormed(SimTime Time, StepRecord Step);
