using System.Globalization;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Makes a scenario of what the user gave in files and flags.</summary>
internal static class ScenarioReader
{
    private static readonly string[] HardwareKeys = ["model", "gpu", "interconnect"];

    /// <summary>The scenario: what is given, and the defaults for the rest.</summary>
    /// <param name="given">What is given.</param>
    /// <param name="isHardwareOpen">Whether GPUs and layout are still to be chosen, so that nothing is held against them.</param>
    /// <exception cref="ConfigException">Something cannot be read or is out of range; lists everything found.</exception>
    public static SimulatorConfig Read(ScenarioNode given, bool isHardwareOpen = false)
    {
        var problems = new List<ConfigProblem>();
        SimulatorConfig config = ScenarioSchema.Scenario.Read(given, "", DefaultScenario.Create(), problems);
        if (given["workload"] is { } workload)
        {
            config = config with { Workload = WorkloadKeys.WithDefaultRate(workload, config.Workload) };
            WorkloadKeys.Check(workload, config.Workload, problems);
        }

        // A model or GPU that cannot be read is replaced by the default here, whose limits would only mislead.
        bool isHardwareKnown = !isHardwareOpen && !HardwareKeys.Any(key => problems.Any(problem => IsWithin(problem.Field, key)));

        // Nor does it help to hear what is wrong with a blank that stands for something unreadable.
        string[] unread = [.. problems.Select(problem => problem.Field)];
        problems.AddRange(ConfigValidator.Validate(config, isHardwareKnown)
            .Where(problem => !unread.Any(field => IsWithin(problem.Field, field))));
        return problems.Count == 0 ? config
            : throw new ConfigException([.. problems.DistinctBy(p => p.Field).Select(p => p with { Field = Locate(given, p.Field) })]);
    }

    private static bool IsWithin(string field, string section) =>
        field.StartsWith(section, StringComparison.Ordinal) && (field.Length == section.Length || field[section.Length] is '.' or '[' or ':');

    /// <summary>The field with the place where it, or the object it belongs to, was given.</summary>
    private static string Locate(ScenarioNode given, string field)
    {
        ScenarioNode? place = null, node = given;
        foreach (string key in field.Split('.'))
        {
            node = Step(node, key);
            if (node is null)
            {
                break;
            }

            place = node;
        }

        return place?.Label(field) ?? field;
    }

    /// <summary>What a key holds; behind <c>classes[1]</c> that is a value of a list.</summary>
    private static ScenarioNode? Step(ScenarioNode node, string key)
    {
        int bracket = key.IndexOf('[');
        return bracket < 0 ? node[key]
            : node[key[..bracket]]?.Items.ElementAtOrDefault(int.Parse(key.AsSpan(bracket).Trim("[]"), CultureInfo.InvariantCulture));
    }
}
