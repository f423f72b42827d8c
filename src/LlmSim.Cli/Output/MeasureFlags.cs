using System.CommandLine;
using System.Globalization;
using LlmSim.Scenarios;
using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>The flags that say how results are measured and shown; they change nothing in what is simulated.</summary>
internal sealed class MeasureFlags
{
    private const double ShortestSeconds = 1e-3;
    private const double LongestSeconds = 1e6;

    private readonly Option<string> _percentiles = new("--metric-percentiles")
    {
        HelpName = "P,...",
        Description = "Percentiles of each latency, such as 50,90,99.9. The screen shows three.",
        Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<string> _interval = new("--series-interval")
    {
        HelpName = "SECONDS",
        Description = "Length of an interval of --series. Default 1.",
        Arity = ArgumentArity.ExactlyOne,
    };

    /// <summary>Adds the flags to a command.</summary>
    public MeasureFlags(Command command)
    {
        command.Add(_interval);
        command.Add(_percentiles);
    }

    /// <summary>The percentiles; null when none are named.</summary>
    /// <exception cref="ConfigException">They cannot be read or are out of range.</exception>
    public double[]? Percentiles(ParseResult parsed)
    {
        if (Text(parsed, _percentiles) is not { } text)
        {
            return null;
        }

        var percentiles = new List<double>();
        foreach (string word in text.Split(','))
        {
            if (!double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out double percent)
                || percent is not (>= 0 and <= 100))
            {
                throw new ConfigException(new ConfigProblem(_percentiles.Name, word.Length == 0 ? "nothing" : word, "numbers from 0 to 100",
                    $"Write them with commas between, such as {_percentiles.Name} 50,90,99.9."));
            }

            percentiles.Add(percent);
        }

        return [.. percentiles.Distinct()];
    }

    /// <summary>The length of an interval.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isUsed">Whether intervals are wanted at all.</param>
    /// <exception cref="ConfigException">It cannot be read, is out of range, or is given for nothing.</exception>
    public SimTime Interval(ParseResult parsed, bool isUsed)
    {
        if (Text(parsed, _interval) is not { } text)
        {
            return SimTime.FromSeconds(1);
        }

        if (!Kinds.TryParseDouble(text, out double seconds) || seconds is not (>= ShortestSeconds and <= LongestSeconds))
        {
            throw new ConfigException(new ConfigProblem(_interval.Name, text, "a number of seconds from 0.001 to 1e6",
                $"Write a number such as {_interval.Name} 0.5."));
        }

        return isUsed ? SimTime.FromSeconds(seconds)
            : throw new ConfigException(new ConfigProblem(_interval.Name, text, "only with --series", "Name the file of the series as well."));
    }

    // What the parser itself complains about is told by it.
    private static string? Text(ParseResult parsed, Option<string> option) =>
        parsed.GetResult(option) is { Implicit: false, Tokens: { Count: 1 } tokens } ? tokens[0].Value : null;
}
