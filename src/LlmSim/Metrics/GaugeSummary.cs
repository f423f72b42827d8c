namespace LlmSim.Metrics;

/// <summary>A level over time: its mean over the whole duration, idle time included, and its maximum.</summary>
/// <param name="Mean">Time average.</param>
/// <param name="Max">Largest value.</param>
public readonly record struct GaugeSummary(double Mean, double Max);
