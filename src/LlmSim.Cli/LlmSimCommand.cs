using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using LlmSim.Cli.Commands;
using LlmSim.Cli.Output;
using LlmSim.Specs;

namespace LlmSim.Cli;

/// <summary>The <c>llmsim</c> command.</summary>
internal static class LlmSimCommand
{
    private const string DebugVariable = "LLMSIM_DEBUG";

    private static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs a command line.</summary>
    /// <param name="args">What stands behind <c>llmsim</c>.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where problems and progress go.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            ParseResult parsed = Create(output, error).Parse(args.Length == 0 ? ["--help"] : args, Parsing);
            if (parsed.Action is ParseErrorAction)
            {
                throw new ConfigException(CommandLineProblems.Of(parsed));
            }

            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (ConfigException e)
        {
            foreach (ConfigProblem problem in e.Problems)
            {
                error.WriteLine($"llmsim: {problem}");
            }

            return ExitCode.BadInput;
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable(DebugVariable) is null or "")
        {
            error.WriteLine($"llmsim: internal fault, please report it: {e.GetType().Name}: {e.Message}");
            error.WriteLine($"Run again with {DebugVariable}=1 in the environment to see where it happened.");
            return ExitCode.InternalFault;
        }
    }

    private static RootCommand Create(TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Predicts how a large-language-model serving deployment behaves, without a GPU.")
        {
            new RunCommand(output, error),
            new CapacityCommand(output, error),
            new PlanCommand(output, error),
            new CompareCommand(output, error),
            new SweepCommand(output, error),
            new MergeCommand(output),
            new CheckCommand(output),
            new ExplainCommand(output),
            new ModelsCommand(output),
            new GpusCommand(output),
            new EnginesCommand(output),
            new ExamplesCommand(output),
            new ConformanceCommand(output),
            new CalibrateCommand(output),
            new ValidateCommand(output),
            new CompletionCommand(output),
        };
        foreach (Argument argument in root.Subcommands.SelectMany(command => command.Arguments))
        {
            argument.Validators.Add(CommandLineProblems.RefuseFlags);
        }

        foreach (Option<bool> flag in root.Subcommands.SelectMany(command => command.Options).OfType<Option<bool>>())
        {
            flag.Arity = ArgumentArity.Zero; // What follows is not its value, also when a shell completes it.
        }

        foreach (Option option in root.Options)
        {
            if (option is HelpOption)
            {
                option.Aliases.Remove("/h"); // These are paths.
                option.Aliases.Remove("/?");
                option.Description = "Show this text.";
                option.Action = new HelpScreen(output);
            }
            else if (option is VersionOption)
            {
                option.Description = "Show the version.";
            }
        }

        return root;
    }
}
