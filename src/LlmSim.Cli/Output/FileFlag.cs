using System.CommandLine;

namespace LlmSim.Cli.Output;

/// <summary>Flags that name a file.</summary>
internal static class FileFlag
{
    /// <summary>A flag.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What the file is for.</param>
    public static Option<string> Of(string name, string description) =>
        new(name) { HelpName = "FILE", Description = description, Arity = ArgumentArity.ExactlyOne };
}
