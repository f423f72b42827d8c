using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Cli.Output;

/// <summary>Prints where a simulation's times come from.</summary>
internal static class TimeSources
{
    /// <summary>Prints a line for each kind of times.</summary>
    /// <exception cref="ConfigException">The profile cannot be read.</exception>
    public static void Write(TextWriter output, SimulatorConfig config)
    {
        var table = Screen.Table("times of", "origin", ">±", "measured");
        foreach (TimeSource source in TimeSource.Of(config))
        {
            table.Add(source.Name, source.Origin.ToString().ToLowerInvariant(), $"{source.Deviation:0.0%}", source.Detail);
        }

        Screen.Write(output, table);
    }
}
