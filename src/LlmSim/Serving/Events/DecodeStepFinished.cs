using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A step with decoding sequences ended.</summary>
/// <param name="Step">Number of the scheduling call, from 1.</param>
/// <param name="Time">When the step ended.</param>
/// <param name="Sequences">Decoding sequences in it.</param>
public readonly record struct DecodeStepFinished(long Step, SimTime Time, int Sequences);
