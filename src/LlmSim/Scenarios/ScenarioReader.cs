using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Makes a scenario of what the user gave in files and flags.</summary>
internal static class ScenarioReader
{
    private static readonly string[] DrawnKeys = ["arrival", "request_rate", "input_len", "output_len"];
    private static readonly string[] HardwareKeys = ["model", "gpu", "interconnect"];

    /// <summary>The scenario: what is given, and the defaults for the rest.</summary>
    /// <exception cref="ConfigException">Something cannot be read or is out of range; lists everything found.</exception>
    public static SimulatorConfig Read(ScenarioNode given)
    {
        var problems = new List<ConfigProblem>();
        SimulatorConfig config = ScenarioSchema.Scenario.Read(given, "", DefaultScenario.Create(), problems);
        if (given["workload"] is { } workload)
        {
            CheckTraceKeys(workload, problems);
        }

        // A model or GPU that cannot be read is replaced by the default here, whose limits would only mislead.
        bool isHardwareKnown = !HardwareKeys.Any(key => problems.Any(problem => IsWithin(problem.Field, key)));
        problems.AddRange(ConfigValidator.Validate(config, isHardwareKnown));
        return problems.Count == 0 ? config
            : throw new ConfigException([.. problems.DistinctBy(p => p.Field).Select(p => p with { Field = Locate(given, p.Field) })]);
    }

    /// <summary>A trace has its own arrivals and lengths: values for those, given in the same place or over it, would be lost.</summary>
    private static void CheckTraceKeys(ScenarioNode workload, List<ConfigProblem> problems)
    {
        ScenarioNode? trace = workload["trace"] is { IsNothing: false } given ? given : null;
        if (trace is null && workload["trace_scale"] is { IsNothing: false } scale)
        {
            problems.Add(new ConfigProblem("workload.trace_scale", scale.Describe(), "only with a trace",
                "Name a trace as well; for drawn requests change request_rate."));
        }

        foreach (string key in DrawnKeys)
        {
            if (trace is not null && workload[key] is { IsNothing: false } drawn && (drawn.IsFlag || !trace.IsFlag))
            {
                problems.Add(new ConfigProblem($"workload.{key}", drawn.Describe(),
                    "not together with a trace, which has its own arrivals and lengths",
                    key == "request_rate" ? "Remove it, or use trace_scale." : "Remove it, or the trace."));
            }
        }
    }

    private static bool IsWithin(string field, string section) =>
        field == section || field.StartsWith(section + '.', StringComparison.Ordinal)
        || field.StartsWith(section + ':', StringComparison.Ordinal);

    /// <summary>The field with the place where it, or the object it belongs to, was given.</summary>
    private static string Locate(ScenarioNode given, string field)
    {
        ScenarioNode? place = null, node = given;
        foreach (string key in field.Split('.'))
        {
            node = node[key];
            if (node is null)
            {
                break;
            }

            place = node;
        }

        return place?.Label(field) ?? field;
    }
}
