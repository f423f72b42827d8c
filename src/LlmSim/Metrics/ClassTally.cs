using LlmSim.Serving;
using LlmSim.Specs;

namespace LlmSim.Metrics;

/// <summary>What is counted of the requests of one class.</summary>
/// <param name="objectives">What they must keep; null for nothing.</param>
internal sealed class ClassTally(SloSpec? objectives)
{
    /// <summary>Requests that kept the objectives; null without any.</summary>
    public ObjectiveTally? Objectives { get; } = objectives is { IsSet: true } ? new ObjectiveTally(objectives) : null;

    /// <summary>Requests that finished.</summary>
    public long Completed { get; private set; }

    /// <summary>Requests that were refused.</summary>
    public long Rejected { get; set; }

    /// <summary>Requests whose clients gave up.</summary>
    public long Aborted { get; set; }

    /// <summary>Prompt tokens of those that finished.</summary>
    public long InputTokens { get; private set; }

    /// <summary>Tokens generated for those that finished.</summary>
    public long OutputTokens { get; private set; }

    /// <summary>Arrival to first token.</summary>
    public LatencyHistogram FirstTokenLatency { get; } = new();

    /// <summary>First to last token, over the tokens after the first.</summary>
    public LatencyHistogram TimePerOutputToken { get; } = new();

    /// <summary>Arrival to last token.</summary>
    public LatencyHistogram EndToEndLatency { get; } = new();

    /// <summary>Time in the queue before first being scheduled.</summary>
    public LatencyHistogram QueueTime { get; } = new();

    /// <summary>Requests that finished, by when they arrived.</summary>
    public CountCurve Arrivals { get; } = new();

    /// <summary>Requests that finished, by when they were first scheduled.</summary>
    public CountCurve Starts { get; } = new();

    /// <summary>A request finished.</summary>
    public void Add(in RequestRecord record)
    {
        QueueTime.Record((record.Scheduled - record.Ready).Nanoseconds);
        Arrivals.Add(record.Arrival.Nanoseconds);
        Starts.Add(record.Scheduled.Nanoseconds);
        Completed++;
        InputTokens += record.InputTokens;
        OutputTokens += record.OutputTokens;
        FirstTokenLatency.Record((record.FirstToken - record.Arrival).Nanoseconds);
        EndToEndLatency.Record((record.Finish - record.Arrival).Nanoseconds);
        if (record.OutputTokens > 1)
        {
            TimePerOutputToken.Record((record.Finish - record.FirstToken).Nanoseconds / (record.OutputTokens - 1));
        }

        Objectives?.Add(in record);
    }
}
