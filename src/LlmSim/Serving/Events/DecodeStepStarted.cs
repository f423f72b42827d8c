using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>A step with decoding sequences began.</summary>
/// <param name="Step">Number of the scheduling call, from 1.</param>
/// <param name="Time">When the step started.</param>
/// <param name="Sequences">Decoding sequences in it.</param>
public readonly record struct DecodeStepStarted(long Step, SimTime Time, int Sequences);
