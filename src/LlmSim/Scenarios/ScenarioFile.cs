using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Opens scenario files.</summary>
internal static class ScenarioFile
{
    /// <summary>A file's bytes.</summary>
    /// <exception cref="ConfigException">There is no such file, or it cannot be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string why = e is FileNotFoundException or DirectoryNotFoundException ? "no such file"
                : Directory.Exists(path) ? "a directory" : e.Message.TrimEnd('.');
            throw new ConfigException(new ConfigProblem(path, why, "a scenario in YAML or JSON", "Check the path."));
        }
    }
}
