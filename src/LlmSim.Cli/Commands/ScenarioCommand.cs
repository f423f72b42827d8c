using System.CommandLine;
using LlmSim.Cli.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary>A command about a scenario, which a file, flags or both describe.</summary>
internal abstract class ScenarioCommand : Command, IHasScenarioFlags
{
    private readonly Argument<string?> _file = new("SCENARIO")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Scenario file, YAML or JSON; flags are laid over it.",
    };

    private readonly Option<string?> _config = new("--config")
    {
        HelpName = "FILE",
        Description = "The scenario file, as a flag.",
        Arity = ArgumentArity.ExactlyOne,
    };

    /// <summary>Creates the command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="wanted">Which scenario flags it has; null for all.</param>
    protected ScenarioCommand(string name, string description, Func<ScenarioFlag, bool>? wanted = null) : base(name, description)
    {
        Add(_file);
        Add(_config);
        Scenario = new ScenarioOptions(this, wanted);
    }

    /// <summary>The scenario flags.</summary>
    public ScenarioOptions Scenario { get; }

    /// <summary>The scenario that a command line describes.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isHardwareOpen">Whether GPUs and layout are still to be chosen.</param>
    /// <param name="defaults">Keys at the root whose default is another one with this command.</param>
    /// <exception cref="ConfigException">Something is wrong; lists everything found.</exception>
    public SimulatorConfig ReadScenario(ParseResult parsed, bool isHardwareOpen = false, params ReadOnlySpan<(string Key, string Value)> defaults)
    {
        string? file = parsed.GetResult(_file)?.Tokens.Select(token => token.Value).FirstOrDefault(word => !word.StartsWith('-'));
        string? config = parsed.GetValue(_config);
        if (file is not null && config is not null)
        {
            throw new ConfigException(new ConfigProblem("--config", config, $"not together with {file}", "Name one scenario file."));
        }

        return Scenario.Read(parsed, file ?? config, isHardwareOpen, defaults);
    }
}
