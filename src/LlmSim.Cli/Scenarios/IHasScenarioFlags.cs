namespace LlmSim.Cli.Scenarios;

/// <summary>A command with scenario flags.</summary>
internal interface IHasScenarioFlags
{
    /// <summary>The flags.</summary>
    ScenarioOptions Scenario { get; }
}
