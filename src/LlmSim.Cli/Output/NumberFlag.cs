using System.CommandLine;
using System.Globalization;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>Flags that hold a number within bounds.</summary>
internal static class NumberFlag
{
    /// <summary>The number; null when the flag is not given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="flag">The flag.</param>
    /// <param name="least">The least it may be.</param>
    /// <param name="most">The most it may be.</param>
    /// <exception cref="ConfigException">It is no number, or out of bounds.</exception>
    public static double? Read(ParseResult parsed, Option<string> flag, double least, double most)
    {
        if (parsed.GetResult(flag) is not { Implicit: false, Tokens: { Count: 1 } tokens })
        {
            return null;
        }

        return Kinds.TryParseDouble(tokens[0].Value, out double value) && value >= least && value <= most ? value
            : throw new ConfigException(new ConfigProblem(flag.Name, tokens[0].Value,
                string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
                string.Create(CultureInfo.InvariantCulture, $"Write a number such as {flag.Name} {(value > most ? most : least)}.")));
    }

    /// <summary>The same for whole numbers.</summary>
    /// <inheritdoc cref="Read"/>
    public static int? ReadWhole(ParseResult parsed, Option<string> flag, int least, int most) =>
        Read(parsed, flag, least, most) is not { } value ? null
        : value == Math.Floor(value) ? (int)value
        : throw new ConfigException(new ConfigProblem(flag.Name, string.Create(CultureInfo.InvariantCulture, $"{value}"), $"a whole number from {least} to {most}",
            $"Write a number such as {flag.Name} {least}."));
}
