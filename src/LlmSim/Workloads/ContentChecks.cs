using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with what prompts share.</summary>
internal static class ContentChecks
{
    private const int MostSkew = 100;

    /// <summary>Checks a workload without a trace.</summary>
    public static void Check(ProblemList list, WorkloadSpec workload)
    {
        Check(list, "workload", workload.Prefix);
        for (int i = 0; i < workload.Classes.Count; i++)
        {
            Check(list, $"workload.classes[{i}]", workload.Classes[i].Prefix);
        }

        list.Require(workload.DistinctPrompts is null or (>= 1 and <= RepeatedPrompts.Most), "workload.distinct_prompts",
            workload.DistinctPrompts, $"from 1 to {RepeatedPrompts.Most}", "Leave it out for prompts that are all different.");
        if (workload.Sessions is { } sessions)
        {
            CheckSessions(list, workload, sessions);
        }
    }

    /// <summary>Checks the conversations of a workload without a trace.</summary>
    private static void CheckSessions(ProblemList list, WorkloadSpec workload, SessionSpec sessions)
    {
        const string turns = "workload.turns";
        bool isFixed = sessions.Turns.Distribution == LengthDistribution.Fixed;
        if (!isFixed)
        {
            LengthChecks.Check(list, turns, sessions.Turns);
        }

        double least = isFixed ? sessions.Turns.Mean : Math.Max(1, sessions.Turns.Min);
        list.Require(least is >= 1 and <= Conversations.MostTurns, turns, least, $"from 1 to {Conversations.MostTurns} turns",
            "Give as many turns as a conversation has.");
        list.AtLeast(1, "workload.num_sessions", sessions.Count, "Ask for at least one conversation.");
        list.Require(workload.NumRequests is null, "workload.num_requests", workload.NumRequests, "not together with turns",
            "Use num_sessions, which counts conversations.");
        list.Require(workload.DistinctPrompts is null, "workload.distinct_prompts", workload.DistinctPrompts, "not together with turns",
            "Remove one of the two.");
    }

    private static void Check(ProblemList list, string owner, PrefixSpec? prefix)
    {
        if (prefix is null)
        {
            return;
        }

        list.Require(prefix.Tokens is >= 0 and <= TraceReader.MostTokens, $"{owner}.prefix_len", prefix.Tokens,
            $"from 0 to {TraceReader.MostTokens} tokens", "Use 0 for no prefix.");
        list.Require(prefix.Count is >= 1 and <= ZipfLength.MostLengths, $"{owner}.num_prefixes", prefix.Count,
            $"from 1 to {ZipfLength.MostLengths}", "Give the number of different prefixes.");
        list.Require(prefix.Skew is >= 0 and <= MostSkew, $"{owner}.prefix_skew", prefix.Skew, $"from 0 to {MostSkew}",
            "Use 0 for prefixes that are equally likely.");
        list.Require(prefix.Tokens != 0 || prefix.Count == 1, $"{owner}.num_prefixes", prefix.Count, "only with prefix_len above 0",
            "Say how many tokens a prefix has.");
        list.Require(prefix.Count != 1 || prefix.Skew is not (> 0 and <= MostSkew), $"{owner}.prefix_skew", prefix.Skew,
            "only with num_prefixes above 1", "Say how many prefixes there are.");
    }
}
