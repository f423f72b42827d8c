using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>Sees to it that a command writes each of its files to a path of its own.</summary>
internal static class DifferentFiles
{
    private const string StandardOutput = "-";

    /// <summary>Checks.</summary>
    /// <param name="given">Flags with their paths; <c>-</c> is standard output.</param>
    /// <exception cref="ConfigException">Two are the same.</exception>
    public static void Check(IEnumerable<(string Flag, string Path)> given)
    {
        foreach (var same in given.GroupBy(file => file.Path == StandardOutput ? file.Path : Path.GetFullPath(file.Path)))
        {
            if (same.Count() > 1)
            {
                string flags = string.Join(" and ", same.Select(file => file.Flag));
                throw new ConfigException(new ConfigProblem(flags, same.First().Path, "a file each", "Give each its own path."));
            }
        }
    }
}
