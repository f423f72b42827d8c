using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Finds keys of the workload that another key makes useless: values given there would be lost without a word.</summary>
internal static class WorkloadKeys
{
    private static readonly string[] DrawnKeys =
    [
        "arrival", "burstiness", "request_rate", "rate_curve", "input_len", "output_len", "range_ratio", "length_correlation", "dataset",
        "prefix_len", "num_prefixes", "prefix_skew", "distinct_prompts", "turns", "num_sessions",
    ];

    private static readonly string[] LawKeys = ["input_len", "output_len", "range_ratio", "length_correlation"];

    private static readonly string[] TraceKeys =
        ["trace_scale", "trace_span", "trace_start", "trace_end", "trace_repeat", "trace_class"];

    /// <summary>Where clients are given and no rate, they alone set the pace, as with <c>vllm bench serve</c>.</summary>
    public static WorkloadSpec WithDefaultRate(ScenarioNode given, WorkloadSpec workload) =>
        workload is { MaxConcurrency: not null, RateCurve: null, Trace: null } && given["request_rate"] is null
            ? workload with { RequestRatePerSecond = double.PositiveInfinity }
            : workload;

    /// <summary>Adds what is wrong.</summary>
    /// <param name="given">The keys as given.</param>
    /// <param name="workload">What was read from them.</param>
    /// <param name="problems">Where problems go.</param>
    public static void Check(ScenarioNode given, WorkloadSpec workload, List<ConfigProblem> problems)
    {
        foreach (string key in TraceKeys)
        {
            if (given["trace"] is null or { IsNothing: true } && given[key] is { IsNothing: false } tool)
            {
                problems.Add(new ConfigProblem($"workload.{key}", tool.Describe(), "only with a trace",
                    key == "trace_scale" ? "Name a trace as well; for drawn requests change request_rate." : "Name a trace as well."));
            }
        }

        if (workload.Sessions is null && given["num_sessions"] is { IsNothing: false } count)
        {
            problems.Add(new ConfigProblem("workload.num_sessions", count.Describe(), "only with turns", "Say how many turns a conversation has."));
        }

        foreach (string key in DrawnKeys)
        {
            CheckApart(given, "trace", key, "a trace, which has its own arrivals and lengths",
                key == "request_rate" ? "Remove it, or use trace_scale." : "Remove it, or the trace.", problems);
        }

        foreach (string key in LawKeys)
        {
            CheckApart(given, "dataset", key, "a data set, which has its own lengths", "Remove it, or the data set.", problems);
        }

        // A ramp has rates of its own, as with vllm bench serve, which refuses both too.
        if (workload.RateCurve is { IsRamp: true })
        {
            CheckApart(given, "rate_curve", "request_rate", "a ramp, which has its own rates", "Remove it, or the rate curve.", problems);
        }
    }

    /// <summary>A key that another one makes useless, given in the same place or over it.</summary>
    private static void CheckApart(
        ScenarioNode workload, string winner, string key, string why, string fix, List<ConfigProblem> problems)
    {
        if (workload[winner] is { IsNothing: false } winning && workload[key] is { IsNothing: false } lost
            && (lost.IsFlag || !winning.IsFlag))
        {
            problems.Add(new ConfigProblem($"workload.{key}", lost.Describe(), $"not together with {why}", fix));
        }
    }
}
