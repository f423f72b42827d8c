namespace LlmSim.Calibration;

/// <summary>What kernel times are shares of: datasheet figures of one GPU.</summary>
/// <param name="FlopsPerSecond">Peak rate in the kernel's number format, in FLOP per second. Above 0.</param>
/// <param name="BytesPerSecond">Memory bandwidth in bytes per second. Above 0.</param>
/// <param name="Multiprocessors">Streaming multiprocessors. Above 0.</param>
public readonly record struct GpuRates(double FlopsPerSecond, double BytesPerSecond, int Multiprocessors);
