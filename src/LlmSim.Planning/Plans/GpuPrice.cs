namespace LlmSim.Planning.Plans;

/// <summary>What a GPU costs.</summary>
/// <param name="Gpu">Its name in the catalogue.</param>
/// <param name="PerHour">Price of one for an hour. Above 0.</param>
/// <param name="Currency">In which currency.</param>
/// <param name="Source">Where the price is from.</param>
/// <param name="Date">When it was read there, as <c>2026-11-09</c>.</param>
public sealed record GpuPrice(string Gpu, double PerHour, string Currency, string Source, string Date);
