namespace LlmSim.Metrics;

/// <summary>The figures of one class of requests.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CompletedRequests">Requests that got all their tokens.</param>
/// <param name="RejectedRequests">Requests refused: those that can never run, and those that met a full queue.</param>
/// <param name="InputTokens">Prompt tokens of the completed requests.</param>
/// <param name="OutputTokens">Tokens generated for the completed requests.</param>
/// <param name="FirstTokenLatency">Time to first token of the completed requests.</param>
/// <param name="TimePerOutputToken">Time per output token after the first.</param>
/// <param name="EndToEndLatency">Request sent to last token.</param>
/// <param name="Goodput">How many kept the class's objectives, or the scenario's if it has none; null without any.</param>
/// <param name="QueueTime">Time in the queue of the completed requests before they were first scheduled.</param>
public sealed record ClassSummary(
    string Name, long CompletedRequests, long RejectedRequests, long InputTokens, long OutputTokens, LatencySummary FirstTokenLatency,
    LatencySummary TimePerOutputToken, LatencySummary EndToEndLatency, GoodputSummary? Goodput, LatencySummary QueueTime)
{
    /// <summary>Requests whose clients gave up. Default 0.</summary>
    public long AbortedRequests { get; init; }

    /// <summary>Whether its requests were started as fast as they came; null when too few came to tell.</summary>
    public QueueTrend? Queue { get; init; }

    internal static ClassSummary Of(string name, ClassTally tally, double seconds) => new(
        name,
        tally.Completed,
        tally.Rejected,
        tally.InputTokens,
        tally.OutputTokens,
        new LatencySummary(tally.FirstTokenLatency),
        new LatencySummary(tally.TimePerOutputToken),
        new LatencySummary(tally.EndToEndLatency),
        GoodputSummary.Of(tally.Objectives, tally.Completed + tally.Rejected + tally.Aborted, seconds),
        new LatencySummary(tally.QueueTime))
    {
        AbortedRequests = tally.Aborted,
    };
}
