using System.CommandLine;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Cli.Output;

/// <summary>The flag that says how the model's own error is carried through to the figures.</summary>
internal sealed class UncertaintyFlag
{
    private const string Modes = "fast, full or off";

    private readonly Option<string> _mode = new("--uncertainty")
    {
        HelpName = "MODE",
        Description = "Model error in the intervals: fast (part of the workload runs again), full (all of it) or off. Default fast.",
        Arity = ArgumentArity.ExactlyOne,
        CompletionSources = { "fast", "full", "off" },
    };

    /// <summary>Adds the flag to a command.</summary>
    public UncertaintyFlag(Command command) => command.Add(_mode);

    /// <summary>The mode.</summary>
    /// <exception cref="ConfigException">There is no such mode.</exception>
    public UncertaintyMode Read(ParseResult parsed) =>
        parsed.GetResult(_mode) is not { Implicit: false, Tokens: { Count: 1 } tokens } ? UncertaintyMode.Fast
        : tokens[0].Value switch
        {
            "fast" => UncertaintyMode.Fast,
            "full" => UncertaintyMode.Full,
            "off" => UncertaintyMode.Off,
            string other => throw new ConfigException(new ConfigProblem(_mode.Name, other, Modes, $"Write {Modes}.")),
        };
}
