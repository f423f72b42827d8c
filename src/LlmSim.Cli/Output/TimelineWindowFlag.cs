using System.CommandLine;
using LlmSim.Reporting.Timeline;
using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>The flag that says which part of a run its timeline shows.</summary>
internal sealed class TimelineWindowFlag
{
    private readonly Option<string> _window = new("--timeline-window")
    {
        HelpName = "FROM..TO",
        Description = "Part of the run in --timeline: 10s..12s, 500ms..2s, or 10s.. to the end. Default: all of it.",
        Arity = ArgumentArity.ExactlyOne,
    };

    /// <summary>Adds the flag to a command.</summary>
    public TimelineWindowFlag(Command command) => command.Add(_window);

    /// <summary>The window.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isUsed">Whether a timeline is wanted at all.</param>
    /// <exception cref="ConfigException">It cannot be read, or is given for nothing.</exception>
    public TimeWindow Read(ParseResult parsed, bool isUsed)
    {
        if (parsed.GetResult(_window) is not { Implicit: false, Tokens: { Count: 1 } tokens })
        {
            return TimeWindow.All;
        }

        TimeWindow window = TimeWindow.Parse(_window.Name, tokens[0].Value);
        return isUsed ? window
            : throw new ConfigException(new ConfigProblem(
                _window.Name, tokens[0].Value, "only with --timeline", "Name the file of the timeline as well."));
    }
}
