using System.CommandLine;
using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim completion</c>: prints the script with which a shell completes command lines.</summary>
/// <remarks>
/// The scripts ask llmsim itself what may follow, with the directive <c>[suggest:POSITION]</c>, so that they know nothing of commands, flags and
/// names. Where it offers nothing, shells offer files.
/// </remarks>
internal sealed class CompletionCommand : Command
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    private readonly TextWriter _output;
    private readonly Argument<string> _shell = new("SHELL")
    {
        Description = "bash, zsh, fish or pwsh.",
        CompletionSources = { Shells },
    };

    public CompletionCommand(TextWriter output) : base("completion", "Print the script that completes command lines in a shell.")
    {
        _output = output;
        Add(_shell);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string shell = parsed.GetRequiredValue(_shell);
        if (!Shells.Contains(shell))
        {
            IReadOnlyList<string> near = NearNames.Find(shell, Shells, most: 1);
            throw new ConfigException(new ConfigProblem("SHELL", shell, string.Join(", ", Shells),
                near.Count > 0 ? $"Did you mean {near[0]}?" : "Choose one of these."));
        }

        using var script = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{shell}")!);
        _output.Write(script.ReadToEnd());
        return ExitCode.Success;
    }
}
