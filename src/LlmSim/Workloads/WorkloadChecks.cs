using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with a workload's values.</summary>
internal static class WorkloadChecks
{
    private const string DurationRange = "a number of seconds above 0";

    /// <summary>Every value out of range, in the order of the fields. Files are not looked at.</summary>
    public static List<ConfigProblem> Problems(WorkloadSpec workload)
    {
        var list = new ProblemList();
        list.Require(workload.NumRequests is null or >= 1, "workload.num_requests", workload.NumRequests, "at least 1",
            "Ask for at least one request.");
        list.Require(workload.DurationSeconds is null or > 0, "workload.duration", workload.DurationSeconds, DurationRange,
            "Give a longer duration, or leave it out.");
        if (workload.Trace is { } trace)
        {
            CheckTrace(list, trace);
            return list.Problems;
        }

        ArrivalChecks.Check(list, workload);
        LengthChecks.Check(list, workload);
        return list.Problems;
    }

    private static void CheckTrace(ProblemList list, TraceSpec trace)
    {
        list.Require(trace.Path.Length > 0, "workload.trace", "an empty path", "the path of a CSV file, plain or gzip",
            "Name the file.");
        list.Require(trace.Scale is > 0 and < double.PositiveInfinity, "workload.trace_scale", trace.Scale,
            "a number above 0", "Use 1 for the trace's own rate, 2 for twice as many requests a second.");
    }
}
