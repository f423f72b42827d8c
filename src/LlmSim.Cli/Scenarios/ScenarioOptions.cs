using System.CommandLine;
using System.Text;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Cli.Scenarios;

/// <summary>The scenario flags as options of a command.</summary>
internal sealed class ScenarioOptions
{
    private readonly (ScenarioFlag Flag, Option Option)[] _options;

    /// <summary>Adds the flags to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="wanted">Which flags; null for all.</param>
    public ScenarioOptions(Command command, Func<ScenarioFlag, bool>? wanted = null)
    {
        _options = [.. ScenarioFlags.All.Where(flag => wanted is null || wanted(flag)).Select(flag => (flag, CreateOption(flag)))];
        foreach ((_, Option option) in _options)
        {
            command.Add(option);
        }
    }

    /// <summary>The flag that an option stands for; null when it is none of these.</summary>
    public ScenarioFlag? FlagOf(Option option) => _options.FirstOrDefault(entry => entry.Option == option).Flag;

    /// <summary>The scenario: a file's keys, flags laid over them, and defaults for the rest.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The scenario file; null for none.</param>
    /// <param name="isHardwareOpen">Whether GPUs and layout are still to be chosen.</param>
    /// <param name="defaults">Keys at the root whose default is another one here.</param>
    /// <exception cref="ConfigException">Something is wrong; lists everything found.</exception>
    public SimulatorConfig Read(ParseResult parsed, string? path, bool isHardwareOpen = false, params ReadOnlySpan<(string Key, string Value)> defaults)
    {
        ScenarioNode given = path is null ? ScenarioNode.Object(ScenarioOrigin.Flag("")) : ReadFile(path);
        given.Overlay(ReadFlags(parsed));
        foreach ((string key, string value) in defaults)
        {
            if (given[key] is null)
            {
                given.Set(key, ScenarioNode.Word(ScenarioOrigin.Flag(key), value));
            }
        }

        return ScenarioReader.Read(given, isHardwareOpen);
    }

    /// <summary>A file's keys: JSON by its name, YAML otherwise.</summary>
    /// <exception cref="ConfigException">It cannot be read.</exception>
    public static ScenarioNode ReadFile(string path)
    {
        byte[] bytes = ScenarioFile.ReadBytes(path);
        return Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
            ? JsonNodes.Parse(bytes, path)
            : YamlNodes.Parse(Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'), path);
    }

    /// <summary>The keys that flags set.</summary>
    /// <exception cref="ConfigException">Two of them set the same.</exception>
    public ScenarioNode ReadFlags(ParseResult parsed)
    {
        ScenarioNode root = ScenarioNode.Object(ScenarioOrigin.Flag(""));
        foreach ((ScenarioFlag flag, Option option) in _options)
        {
            if (parsed.GetResult(option) is { Implicit: false } result && (flag.ValueName is null || result.Tokens.Count == 1 || (flag.TakesMany && result.Tokens.Count > 0)))
            {
                string text = flag.ValueName is null ? flag.Sets : string.Join(' ', result.Tokens.Select(token => token.Value));
                Set(root, flag, ScenarioNode.Word(ScenarioOrigin.Flag(result.IdentifierToken?.Value ?? flag.Name), text));
            }
        }

        return root;
    }

    private static void Set(ScenarioNode root, ScenarioFlag flag, ScenarioNode value)
    {
        string[] path = flag.Key.Split('.');
        ScenarioNode owner = root;
        foreach (string section in path[..^1])
        {
            if (owner[section] is not { } below)
            {
                owner.Set(section, below = root.AsObject());
            }
            else if (!below.IsObject)
            {
                throw NotTogether(flag, value, below);
            }

            owner = below;
        }

        if (owner[path[^1]] is { } other)
        {
            throw NotTogether(flag, value, other);
        }

        owner.Set(path[^1], value);
    }

    private static ConfigException NotTogether(ScenarioFlag flag, ScenarioNode value, ScenarioNode other) => new(new ConfigProblem(
        value.Label(flag.Key), "this flag", $"not together with {other.Label(flag.Key)}", "Remove one of the two."));

    private static Option CreateOption(ScenarioFlag flag)
    {
        if (flag.ValueName is null)
        {
            return new Option<bool>(flag.Name, flag.Aliases) { Arity = ArgumentArity.Zero };
        }

        if (flag.TakesMany)
        {
            return new Option<string[]>(flag.Name, flag.Aliases)
            {
                Arity = ArgumentArity.OneOrMore,
                AllowMultipleArgumentsPerToken = true,
                HelpName = flag.ValueName,
            };
        }

        var option = new Option<string>(flag.Name, flag.Aliases) { Arity = ArgumentArity.ExactlyOne, HelpName = flag.ValueName };
        option.CompletionSources.Add(_ => ScenarioSchema.Scenario.Words(flag.Key));
        return option;
    }
}
