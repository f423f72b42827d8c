namespace LlmSim.Metrics;

/// <summary>The sums of one interval of a series, all exact integers.</summary>
internal struct SeriesTally
{
    /// <summary>Requests that arrived.</summary>
    public long Arrivals;

    /// <summary>Requests that finished.</summary>
    public long Finished;

    /// <summary>Tokens emitted.</summary>
    public long Tokens;

    /// <summary>By how much the queue grew.</summary>
    public long Joined;

    /// <summary>Sum over those that joined of the time from then to the interval's end, less the same for those that left.</summary>
    public Int128 JoinedNanoseconds;

    /// <summary>Time in which steps ran, in quanta.</summary>
    public Int128 BusyQuanta;

    /// <summary>Seats taken times duration in quanta.</summary>
    public Int128 RunningQuanta;

    /// <summary>KV blocks held times duration in quanta.</summary>
    public Int128 BlockQuanta;
}
