using System.CommandLine;
using System.CommandLine.Parsing;
using LlmSim.Catalog;
using LlmSim.Cli.Commands;
using LlmSim.Specs;

namespace LlmSim.Cli;

/// <summary>What is wrong with a command line, in the words of all other problems.</summary>
internal static class CommandLineProblems
{
    /// <summary>Every problem: of the command line itself, and of the scenario that it describes as far as it can be read.</summary>
    public static IReadOnlyList<ConfigProblem> Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        var problems = new List<ConfigProblem>();
        string[] strayFlags = [.. Words(parsed).Where(word => word.StartsWith('-'))];

        // What follows an unknown flag is most likely its value.
        string[] unknown = strayFlags.Length > 0 ? strayFlags : [.. parsed.UnmatchedTokens];
        problems.AddRange(unknown.Select(word => Unknown(word, command)));

        foreach (OptionResult option in parsed.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit))
        {
            AddValueProblem(option, problems);
        }

        foreach (Argument argument in command.Arguments.Where(argument => parsed.GetResult(argument) is null or { Tokens.Count: 0 }))
        {
            if (argument.Arity.MinimumNumberOfValues > 0)
            {
                problems.Add(new ConfigProblem(argument.HelpName ?? argument.Name, "nothing", "required", argument.Description ?? ""));
            }
        }

        if (command is ScenarioCommand scenario)
        {
            AddScenarioProblems(scenario, parsed, problems);
        }

        // Whatever else the parser may have found.
        return problems.Count > 0 ? problems
            : [.. parsed.Errors.Select(e => new ConfigProblem(command.Name, e.Message.TrimEnd('.'), "see --help", "Correct the command."))];
    }

    /// <summary>An unknown flag is not an argument, whatever the parser thinks.</summary>
    public static void RefuseFlags(ArgumentResult given)
    {
        if (given.Tokens.Any(token => token.Value.StartsWith('-')))
        {
            given.AddError("a flag");
        }
    }

    /// <summary>What the parser took for arguments or for nothing.</summary>
    private static IEnumerable<string> Words(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens);

    private static ConfigProblem Unknown(string word, Command command)
    {
        bool isFlag = word.StartsWith('-');
        string name = word.Split('=')[0];
        IEnumerable<string> known = isFlag ? command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.Select(sub => sub.Name);
        IReadOnlyList<string> near = NearNames.Find(name, known);
        string allowed = isFlag ? $"a flag of {Path(command)}"
            : command.Subcommands.Count > 0 ? string.Join(", ", command.Subcommands.Select(sub => sub.Name))
            : "flags start with --";
        return new ConfigProblem(name, isFlag ? "this flag" : "this word", allowed,
            near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?" : $"{Path(command)} --help lists what there is.");
    }

    private static void AddValueProblem(OptionResult given, List<ConfigProblem> problems)
    {
        ArgumentArity arity = given.Option.Arity;
        string flag = given.IdentifierToken?.Value ?? given.Option.Name;
        if (given.Tokens.Count < arity.MinimumNumberOfValues)
        {
            problems.Add(new ConfigProblem(flag, "nothing", $"a value: {given.Option.HelpName}",
                $"Write {flag} {given.Option.HelpName}."));
        }
        else if (given.Tokens.Count > arity.MaximumNumberOfValues)
        {
            problems.Add(new ConfigProblem(flag, string.Join(" and ", given.Tokens.Select(token => token.Value)), "one value",
                "Give the flag once."));
        }
        else if (given.Errors.Any())
        {
            problems.Add(new ConfigProblem(flag, given.Tokens[0].Value, "a whole number", $"Write a number such as {flag} 16."));
        }
    }

    private static void AddScenarioProblems(ScenarioCommand command, ParseResult parsed, List<ConfigProblem> problems)
    {
        try
        {
            command.ReadScenario(parsed);
        }
        catch (ConfigException e)
        {
            problems.AddRange(e.Problems);
        }
    }

    private static string Path(Command command) => command is RootCommand ? "llmsim" : $"llmsim {command.Name}";
}
