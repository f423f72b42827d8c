using LlmSim.Metrics;

namespace LlmSim.Planning.Sweeps;

/// <summary>A figure that a sweep gives of each run.</summary>
/// <param name="Name">Its column.</param>
/// <param name="IsWhole">Whether it is a whole number.</param>
/// <param name="Of">Reads it off a run; null where the run has none.</param>
internal sealed record SweepFigure(string Name, bool IsWhole, Func<SimulationStatistics, double?> Of);
