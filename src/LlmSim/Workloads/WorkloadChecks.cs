using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with a workload's values.</summary>
internal static class WorkloadChecks
{
    private const int MostThinkSeconds = 1_000_000_000;

    /// <summary>Every value out of range, in the order of the fields. Files are not looked at.</summary>
    public static List<ConfigProblem> Problems(WorkloadSpec workload)
    {
        var list = new ProblemList();
        list.Require(workload.NumRequests is null or >= 1, "workload.num_requests", workload.NumRequests, "at least 1",
            "Ask for at least one request.");
        list.Require(workload.DurationSeconds is null or > 0, "workload.duration", workload.DurationSeconds,
            "a number of seconds above 0", "Give a longer duration, or leave it out.");
        list.AtLeast(1, "workload.max_concurrency", workload.MaxConcurrency, "Leave it out for no limit.");
        list.Require(workload.ThinkSeconds is >= 0 and <= MostThinkSeconds, "workload.think_time", workload.ThinkSeconds,
            $"from 0 to {MostThinkSeconds} seconds", "Give the seconds between an answer and the next request.");
        list.Require(workload.ThinkSeconds is not > 0 || workload is not { MaxConcurrency: null, Sessions: null }, "workload.think_time",
            workload.ThinkSeconds, "only with max_concurrency or turns", "Say how many clients there are, or turns in a conversation.");
        list.Positive("workload.timeout", workload.TimeoutSeconds, "Leave it out if clients wait for ever.");
        list.Positive("workload.ttft_timeout", workload.TtftTimeoutSeconds, "Leave it out if clients wait for ever.");
        if (workload.Trace is { } trace)
        {
            TraceChecks.Check(list, workload, trace);
        }
        else
        {
            ArrivalChecks.Check(list, workload);
            LengthChecks.Check(list, workload);
            ContentChecks.Check(list, workload);
        }

        ClassChecks.Check(list, workload);
        return list.Problems;
    }
}
