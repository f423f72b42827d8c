namespace LlmSim.Metrics;

/// <summary>What one GPU could do at best, to set what it did against.</summary>
/// <param name="FlopsPerSecond">Peak rate of the matrix units at the weights' number format, in FLOP per second. Above 0.</param>
/// <param name="BytesPerSecond">Peak memory bandwidth in bytes per second. Above 0.</param>
internal readonly record struct HardwarePeaks(double FlopsPerSecond, double BytesPerSecond);
