using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with a workload's values.</summary>
internal static class WorkloadChecks
{
    /// <summary>Every value out of range, in the order of the fields. Files are not looked at.</summary>
    public static List<ConfigProblem> Problems(WorkloadSpec workload)
    {
        var list = new ProblemList();
        list.Require(workload.NumRequests is null or >= 1, "workload.num_requests", workload.NumRequests, "at least 1",
            "Ask for at least one request.");
        list.Require(workload.DurationSeconds is null or > 0, "workload.duration", workload.DurationSeconds,
            "a number of seconds above 0", "Give a longer duration, or leave it out.");
        if (workload.Trace is { } trace)
        {
            TraceChecks.Check(list, workload, trace);
        }
        else
        {
            ArrivalChecks.Check(list, workload);
            LengthChecks.Check(list, workload);
        }

        ClassChecks.Check(list, workload);
        return list.Problems;
    }
}
