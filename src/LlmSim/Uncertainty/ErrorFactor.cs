using LlmSim.Specs;

namespace LlmSim.Uncertainty;

/// <summary>Something that all times of one kind in a run are wrong by: a factor whose logarithm is normal with mean 0.</summary>
/// <param name="Name">What is wrong, for people.</param>
/// <param name="Deviation">Standard deviation of the logarithm. At least 0.</param>
/// <param name="Source">Where the deviation comes from, for people.</param>
/// <param name="Scale">Makes the scenario in which these times are multiplied by a factor.</param>
internal sealed record ErrorFactor(string Name, double Deviation, string Source, Func<SimulatorConfig, double, SimulatorConfig> Scale);
