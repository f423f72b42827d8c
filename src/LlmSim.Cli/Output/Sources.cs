namespace LlmSim.Cli.Output;

/// <summary>Where the figures of a catalogue come from.</summary>
internal static class Sources
{
    /// <summary>Prints a line for each entry.</summary>
    public static void Write(TextWriter output, IEnumerable<(string Name, string Source)> entries)
    {
        output.WriteLine("Sources:");
        foreach ((string name, string source) in entries)
        {
            output.WriteLine($"  {name}: {source}");
        }
    }
}
