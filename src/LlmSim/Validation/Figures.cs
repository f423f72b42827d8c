namespace LlmSim.Validation;

/// <summary>What is compared of a run, measured or simulated: seconds, and generated tokens a second. Null where no request tells.</summary>
internal sealed record Figures
{
    /// <summary>Time to the first token, mean.</summary>
    public double? MeanTtft { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public double? P99Ttft { get; init; }

    /// <summary>Time per output token after the first, mean over requests.</summary>
    public double? MeanTpot { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public double? P99Tpot { get; init; }

    /// <summary>Time to the last token, mean.</summary>
    public double? MeanE2e { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public double? P99E2e { get; init; }

    /// <summary>From arrival until the scheduler first gave a request tokens, mean over those of which that is known.</summary>
    public double? MeanQueue { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public double? P99Queue { get; init; }

    /// <summary>Tokens of answered requests, by the time from the first arrival to the last of these tokens.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Requests that were answered.</summary>
    public int Answered { get; init; }

    /// <summary>Requests that were not: refused, given up, failed.</summary>
    public int Failed { get; init; }

    /// <summary>What requests from some moment on say.</summary>
    /// <param name="requests">The requests.</param>
    /// <param name="times">How long each took; null when it was not answered.</param>
    /// <param name="fromNs">Requests that arrive earlier are left out.</param>
    public static Figures Of(IReadOnlyList<MeasuredRequest> requests, IReadOnlyList<RequestTimes?> times, long fromNs)
    {
        var (ttft, tpot, e2e, queue) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        (int failed, long tokens, long first, long last) = (0, 0, long.MaxValue, 0);
        for (int i = 0; i < requests.Count; i++)
        {
            MeasuredRequest request = requests[i];
            long arrival = request.Arrival.Nanoseconds;
            if (arrival < fromNs)
            {
                continue;
            }

            if (times[i] is not { } taken)
            {
                failed++;
                continue;
            }

            ttft.Add(taken.FirstToken.Seconds);
            e2e.Add(taken.LastToken.Seconds);
            if (request.OutputTokens > 1)
            {
                tpot.Add((taken.LastToken - taken.FirstToken).Seconds / (request.OutputTokens - 1));
            }

            if (taken.Scheduled is { } scheduled)
            {
                queue.Add(scheduled.Seconds);
            }

            tokens += request.OutputTokens;
            (first, last) = (Math.Min(first, arrival), Math.Max(last, arrival + taken.LastToken.Nanoseconds));
        }

        return new Figures
        {
            MeanTtft = Mean(ttft),
            P99Ttft = Percentile(ttft, 0.99),
            MeanTpot = Mean(tpot),
            P99Tpot = Percentile(tpot, 0.99),
            MeanE2e = Mean(e2e),
            P99E2e = Percentile(e2e, 0.99),
            MeanQueue = Mean(queue),
            P99Queue = Percentile(queue, 0.99),
            TokensPerSecond = last > first ? tokens / ((last - first) / 1e9) : null,
            Answered = e2e.Count,
            Failed = failed,
        };
    }

    private static double? Mean(List<double> values) => values.Count == 0 ? null : values.Sum() / values.Count;

    private static double? Percentile(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? null : OfSorted(values, share);
    }

    /// <summary>A percentile, between samples as NumPy's <c>percentile</c> has it.</summary>
    /// <param name="values">Samples in rising order. At least one.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double OfSorted(List<double> values, double share)
    {
        double place = share * (values.Count - 1);
        int below = (int)place;
        double next = values[Math.Min(below + 1, values.Count - 1)];
        return values[below] + ((place - below) * (next - values[below]));
    }
}
