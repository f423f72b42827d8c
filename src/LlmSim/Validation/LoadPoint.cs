using LlmSim.Simulation;

namespace LlmSim.Validation;

/// <summary>How full the server was at a moment, measured or simulated.</summary>
/// <param name="At">The moment, counted from the run's first arrival.</param>
/// <param name="Running">Requests in the running batch.</param>
/// <param name="Waiting">Requests in the waiting queue.</param>
/// <param name="KvUse">Share of the KV cache in use, from 0 to 1; null when it was not measured.</param>
internal readonly record struct LoadPoint(SimTime At, double Running, double Waiting, double? KvUse);
