using System.CommandLine;
using LlmSim.Samples;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim examples</c>: runs small studies, whose C# is in the folder samples.</summary>
internal sealed class ExamplesCommand : Command
{
    private readonly TextWriter _output;
    private readonly Argument<string?> _number = new("N")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Which one; all of them without.",
    };

    public ExamplesCommand(TextWriter output) : base("examples", "Run small studies that show what can be asked.")
    {
        _output = output;
        Add(_number);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string? number = parsed.GetValue(_number);
        List<Example> chosen = [.. Example.All.Where(example => number is null || $"{example.Number}" == number)];
        if (chosen.Count == 0)
        {
            string known = string.Join("; ", Example.All.Select(example => $"{example.Number} {example.Title}"));
            throw new ConfigException(new ConfigProblem("N", number!, known, "Choose one of these."));
        }

        foreach (Example example in chosen)
        {
            if (example != chosen[0])
            {
                _output.WriteLine();
            }

            _output.WriteLine($"{example.Number}. {example.Title}");
            example.Run(_output);
        }

        return ExitCode.Success;
    }
}
