using LlmSim.Serving;
using LlmSim.Specs;

namespace LlmSim.Metrics;

/// <summary>Counts the finished requests that kept their objectives, exactly: in whole nanoseconds, without a division.</summary>
/// <param name="objectives">The objectives.</param>
internal sealed class ObjectiveTally(SloSpec objectives)
{
    private readonly long _ttft = Limit(objectives.TtftMilliseconds);
    private readonly long _tpot = Limit(objectives.TpotMilliseconds);
    private readonly long _e2el = Limit(objectives.E2elMilliseconds);

    /// <summary>The objectives.</summary>
    public SloSpec Objectives => objectives;

    /// <summary>Requests that kept all.</summary>
    public long Good { get; private set; }

    /// <summary>Requests that kept the time to first token.</summary>
    public long TtftKept { get; private set; }

    /// <summary>Requests that kept the time per output token.</summary>
    public long TpotKept { get; private set; }

    /// <summary>Requests that kept the end-to-end latency.</summary>
    public long E2elKept { get; private set; }

    /// <summary>A request finished.</summary>
    public void Add(in RequestRecord record)
    {
        bool ttft = (record.FirstToken - record.Arrival).Nanoseconds <= _ttft;
        bool tpot = (record.Finish - record.FirstToken).Nanoseconds <= (Int128)_tpot * (record.OutputTokens - 1);
        bool e2el = (record.Finish - record.Arrival).Nanoseconds <= _e2el;
        TtftKept += ttft ? 1 : 0;
        TpotKept += tpot ? 1 : 0;
        E2elKept += e2el ? 1 : 0;
        Good += ttft && tpot && e2el ? 1 : 0;
    }

    // In whole nanoseconds; what is beyond the simulator's time can be no objective.
    private static long Limit(double? milliseconds) =>
        milliseconds is { } ms && ms * 1e6 < long.MaxValue ? (long)Math.Round(ms * 1e6) : long.MaxValue;
}
