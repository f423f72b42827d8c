namespace LlmSim.Metrics;

/// <summary>How many requests kept the objectives. Shares are of the requests that finished, were refused or given up, from 0 to 1.</summary>
/// <param name="Requests">Finished requests that kept every objective.</param>
/// <param name="RequestsPerSecond">The same per second of the duration: what <c>vllm bench serve</c> calls request goodput.</param>
/// <param name="Share">The same as a share.</param>
/// <param name="TtftShare">Share that kept the time to first token; null without such an objective.</param>
/// <param name="TpotShare">Share that kept the time per output token; null without such an objective.</param>
/// <param name="E2elShare">Share that kept the end-to-end latency; null without such an objective.</param>
public sealed record GoodputSummary(
    long Requests, double RequestsPerSecond, double Share, double? TtftShare, double? TpotShare, double? E2elShare)
{
    /// <summary>Of a whole run: where classes have objectives of their own, each request is judged by its class's.</summary>
    internal static GoodputSummary? Of(MetricsCollector c, double seconds)
    {
        long ended = c.Completed + c.Rejections + c.AbortedRequests;
        if (c.Classes is not { HaveObjectives: true } classes)
        {
            return Of(c.Objectives, ended, seconds);
        }

        long good = 0;
        for (int i = 0; i < classes.Names.Count; i++)
        {
            good += classes[i].Objectives?.Good ?? classes[i].Completed;
        }

        return new GoodputSummary(good, seconds > 0 ? good / seconds : 0, ended > 0 ? (double)good / ended : 0, null, null, null);
    }

    internal static GoodputSummary? Of(ObjectiveTally? tally, long ended, double seconds)
    {
        return tally is null ? null : new GoodputSummary(
            tally.Good,
            seconds > 0 ? tally.Good / seconds : 0,
            Share(tally.Good, true)!.Value,
            Share(tally.TtftKept, tally.Objectives.TtftMilliseconds is not null),
            Share(tally.TpotKept, tally.Objectives.TpotMilliseconds is not null),
            Share(tally.E2elKept, tally.Objectives.E2elMilliseconds is not null));

        double? Share(long kept, bool isSet) => !isSet ? null : ended > 0 ? (double)kept / ended : 0;
    }
}
