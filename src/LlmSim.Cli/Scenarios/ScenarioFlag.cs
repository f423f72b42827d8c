namespace LlmSim.Cli.Scenarios;

/// <summary>A flag that sets one key of the scenario.</summary>
/// <param name="Group">Heading it stands under in the help.</param>
/// <param name="Name">The flag.</param>
/// <param name="Key">The key, as in scenario files.</param>
/// <param name="ValueName">What its value is called in the help; null for a flag without one.</param>
/// <param name="Help">What it means, in one line.</param>
/// <param name="Aliases">Other names, those of <c>vllm serve</c> and <c>vllm bench serve</c>.</param>
internal sealed record ScenarioFlag(string Group, string Name, string Key, string? ValueName, string Help, params string[] Aliases)
{
    /// <summary>What a flag without a value sets its key to.</summary>
    public string Sets { get; init; } = "true";

    /// <summary>Whether it takes several values, one after the other or with the flag repeated.</summary>
    public bool TakesMany { get; init; }
}
