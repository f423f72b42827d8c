using System.CommandLine;
using System.CommandLine.Invocation;
using LlmSim.Cli.Scenarios;

namespace LlmSim.Cli.Output;

/// <summary>What <c>--help</c> prints: usage, commands, and flags by subject.</summary>
internal sealed class HelpScreen(TextWriter output) : SynchronousCommandLineAction
{
    private const int Columns = 80;
    private const int Widest = 38;

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.CommandResult.Command;
        bool isRoot = command is RootCommand;
        string words = string.Concat(command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]"
            : argument.Arity.MaximumNumberOfValues == 1 ? $" {argument.Name}" : $" {argument.Name}..."));
        WriteWrapped("", command.Description ?? "", "");
        output.WriteLine();
        output.WriteLine(isRoot ? "Usage: llmsim COMMAND [flags]" : $"Usage: llmsim {command.Name}{words} [flags]");
        List<(string Heading, string Left, string Right)> rows = [.. Rows(command)];
        int width = Math.Min(Widest, rows.Max(row => row.Left.Length));
        string heading = "";
        foreach ((string group, string left, string right) in rows)
        {
            if (group != heading)
            {
                output.WriteLine();
                output.WriteLine($"{group}:");
                heading = group;
            }

            WriteRow(left, right, width);
        }

        if (isRoot)
        {
            output.WriteLine();
            output.WriteLine("llmsim COMMAND --help tells a command's flags. llmsim run needs none.");
        }

        return ExitCode.Success;
    }

    private static IEnumerable<(string Heading, string Left, string Right)> Rows(Command command)
    {
        foreach (Command sub in command.Subcommands)
        {
            yield return ("Commands", sub.Name, sub.Description ?? "");
        }

        foreach (Argument argument in command.Arguments)
        {
            yield return ("Arguments", argument.Name, argument.Description ?? "");
        }

        IHasScenarioFlags? scenario = command as IHasScenarioFlags;
        foreach (Option option in command.Options.Where(option => scenario?.Scenario.FlagOf(option) is null))
        {
            yield return (scenario is null ? "Flags" : "Command", Names(option), option.Description ?? "");
        }

        foreach (Option option in command.Options)
        {
            if (scenario?.Scenario.FlagOf(option) is { } flag)
            {
                yield return (flag.Group, Names(option), flag.Help);
            }
        }
    }

    private static string Names(Option option)
    {
        string names = string.Join(", ", option.Aliases.Prepend(option.Name).Where(name => name is not ("-?" or "/?" or "/h")));
        return option.HelpName is null ? names : $"{names} {option.HelpName}";
    }

    private void WriteRow(string left, string right, int width)
    {
        string indent = $"  {new string(' ', width)}  ";
        string line = $"  {left.PadRight(width)}  ";
        if (line.Length > indent.Length)
        {
            output.WriteLine(line.TrimEnd());
            line = indent;
        }

        WriteWrapped(line, right, indent);
    }

    /// <summary>Writes text behind what already stands on the line, broken between words; later lines are indented.</summary>
    private void WriteWrapped(string line, string text, string indent)
    {
        foreach (string word in text.Split(' '))
        {
            if (line.Length + word.Length > Columns && line.Length > indent.Length)
            {
                output.WriteLine(line.TrimEnd());
                line = indent;
            }

            line += $"{word} ";
        }

        output.WriteLine(line.TrimEnd());
    }
}
