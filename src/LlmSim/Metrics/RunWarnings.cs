namespace LlmSim.Metrics;

/// <summary>Finds what a user should know before trusting the figures of a run.</summary>
internal static class RunWarnings
{
    // A p99 rests on the hundredth part of the requests; ten of them are the least to call it one.
    private const int RequestsForP99 = 1000;

    /// <summary>The warnings, most serious first.</summary>
    public static IReadOnlyList<string> Of(SimulationStatistics s, MetricsCollector c)
    {
        var warnings = new List<string>();
        if (s.IsPartial)
        {
            warnings.Add($"Stopped early: {s.TotalRequests - s.CompletedRequests - s.RejectedRequests - s.AbortedRequests} of {s.TotalRequests} "
                + "requests were still under way and are left out.");
        }

        AddRejections(warnings, s, c);
        if (s.AbortedRequests > 0)
        {
            warnings.Add($"{Requests(s.AbortedRequests)} given up by clients, {c.AbortedUnserved} of them before they were ever scheduled: "
                + $"{s.WastedInputTokens} prompt and {s.WastedOutputTokens} output tokens were computed in vain. Latencies are those of "
                + "the requests that finished.");
        }

        AddOverload(warnings, s.Queue);
        StarvationWarnings.Add(warnings, s, c.Limits);
        if (s.Preemptions > 0)
        {
            string what = s.Swaps == 0 ? "finished work was thrown away"
                : s.Swaps == s.Preemptions ? "finished work was swapped to host memory and back"
                : $"finished work was swapped to host memory and back ({s.Swaps}) or thrown away ({s.Preemptions - s.Swaps})";
            warnings.Add($"{Requests(s.Preemptions, "preemption")}: KV memory ran out and {what}. "
                + "Lower max_num_seqs, raise gpu_memory_utilization or use more GPUs.");
        }

        if (c.CutShort > 0)
        {
            warnings.Add($"{Requests(c.CutShort)} asked for more than max_model_len ({s.Engine.MaxModelLen}) tokens "
                + "and got fewer.");
        }

        if (s.CompletedRequests is > 0 and < RequestsForP99)
        {
            warnings.Add($"p99 rests on {Requests(s.CompletedRequests)}; at least {RequestsForP99} make it trustworthy.");
        }

        return warnings;
    }

    private static void AddRejections(List<string> warnings, SimulationStatistics s, MetricsCollector c)
    {
        if (c.RejectedTooLong > 0)
        {
            warnings.Add($"{Requests(c.RejectedTooLong)} rejected: the prompt leaves no room for a token within "
                + $"max_model_len ({s.Engine.MaxModelLen}).");
        }

        if (c.RejectedTooManyBlocks > 0)
        {
            warnings.Add($"{Requests(c.RejectedTooManyBlocks)} rejected: longer than the whole KV cache "
                + $"({(long)s.Engine.KvBlocks * s.Engine.BlockSize} tokens).");
        }

        if (c.RejectedQueueFull > 0)
        {
            warnings.Add($"{Requests(c.RejectedQueueFull)} rejected: {c.Limits.MaxQueuedRequests} were waiting, as many as "
                + "max_queued_requests allows.");
        }
    }

    private static void AddOverload(List<string> warnings, QueueTrend? queue)
    {
        if (queue is { IsBeyondCapacity: true })
        {
            warnings.Add($"Overload: the queue grew by {queue.GrowthPerSecond:0.##} requests/s over the second half of the arrivals "
                + $"({queue.ArrivalsPerSecond:0.##}/s came, {queue.StartsPerSecond:0.##}/s were started): this load is beyond "
                + "capacity, and latencies grow with the length of the run.");
        }
    }

    private static string Requests(long count, string noun = "request") => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
