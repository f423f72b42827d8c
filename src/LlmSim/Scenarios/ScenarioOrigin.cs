namespace LlmSim.Scenarios;

/// <summary>Where a value was given.</summary>
/// <param name="Place">File and line, for example <c>scenario.yaml:7</c>, or the flag, for example <c>--seed</c>.</param>
/// <param name="IsFlag">Whether it is a flag.</param>
/// <param name="Directory">What relative paths count from; empty for the current directory.</param>
internal sealed record ScenarioOrigin(string Place, bool IsFlag = false, string Directory = "")
{
    /// <summary>A flag.</summary>
    public static ScenarioOrigin Flag(string name) => new(name, IsFlag: true);

    /// <summary>A line of a file, counted from 1.</summary>
    public static ScenarioOrigin File(string path, long line) =>
        new($"{path}:{line}", Directory: Path.GetDirectoryName(path) ?? "");

    /// <summary>How a message names a field given here: a flag says all, a line in a file needs the field's name.</summary>
    public string Label(string field) => Place.Length == 0 ? field : IsFlag || field.Length == 0 ? Place : $"{Place}: {field}";
}
