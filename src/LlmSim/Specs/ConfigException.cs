namespace LlmSim.Specs;

/// <summary>Thrown when a scenario cannot be simulated as described; lists every problem found.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>All problems, in the order found; at least one.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; }

    /// <summary>Creates the exception from its problems.</summary>
    public ConfigException(IReadOnlyList<ConfigProblem> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>Creates the exception from one problem.</summary>
    public ConfigException(ConfigProblem problem) : this([problem])
    {
    }
}
