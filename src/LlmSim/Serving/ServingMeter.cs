using LlmSim.Costs;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// What an engine tells its metrics: a few calls per request and one per run of steps. All times are nanoseconds unless
/// the name says quanta (2⁻²⁰ ns). Calls come in the order the engine decides, not in the order of their times.
/// </summary>
internal abstract class ServingMeter
{
    /// <summary>A request reached the server.</summary>
    public abstract void Arrived(in ArrivingRequest request);

    /// <summary>A request that can never run was refused.</summary>
    public abstract void Rejected(in ArrivingRequest request);

    /// <summary>A request that was told as <see cref="Queued"/> was refused when it came to the queue, which was full.</summary>
    public abstract void Refused(in InboundRequest request, long nowNs);

    /// <summary>Whether it is to be told of <see cref="Queued"/>, and of <see cref="Passed"/> with nothing told later that was before.</summary>
    public virtual bool WatchesTime => false;

    /// <summary>
    /// A request that arrived then will join the waiting queue at <paramref name="readyNs"/>, which may be ahead of the engine.
    /// Both never fall from call to call.
    /// </summary>
    public virtual void Queued(long arrivalNs, long readyNs)
    {
    }

    /// <summary>Nothing will be told any more that happens before this time.</summary>
    public virtual void Passed(long nowNs)
    {
    }

    /// <summary>
    /// A request left the waiting queue after <paramref name="waitNs"/>; <paramref name="first"/> unless it is resumed.
    /// </summary>
    public abstract void Scheduled(long nowNs, long waitNs, bool first);

    /// <summary>The first token of a request came out: time since arrival, and since it was first scheduled.</summary>
    public abstract void FirstToken(long sinceArrivalNs, long sinceScheduledNs);

    /// <summary>A request emitted again after a gap in its tokens: it was resumed, or steps passed it over.</summary>
    public abstract void ResumedToken(long gapNs);

    /// <summary>A request was thrown out, back into the waiting queue.</summary>
    public abstract void Preempted(long nowNs);

    /// <summary>A request that is thrown out just now keeps its computed tokens in host memory; else it will be recomputed.</summary>
    public virtual void SwappedOut()
    {
    }

    /// <summary>The step told next moves KV blocks to or from host memory.</summary>
    public virtual void Moved(int blocks)
    {
    }

    /// <summary>
    /// A request is being admitted; of the <paramref name="tokens"/> that it knows, <paramref name="hits"/> were found in the prefix
    /// cache. <paramref name="first"/> unless it is resumed. Only told where there is such a cache.
    /// </summary>
    public virtual void LookedUp(int tokens, int hits, bool first)
    {
    }

    /// <summary>A request whose last token was in flight when it was thrown out finished, and left the waiting queue that way.</summary>
    public virtual void LeftQueue(long nowNs)
    {
    }

    /// <summary>A request emitted its last token.</summary>
    public abstract void Finished(in RequestRecord record);

    /// <summary>The client of a request gave up; it will not be told as finished.</summary>
    public abstract void Aborted(in AbortRecord record);

    /// <summary>Requests waiting at a scheduling call, for the maximum.</summary>
    public abstract void QueueLength(int waiting);

    /// <summary>One step ran for <see cref="StepTimes.Span"/> up to <paramref name="end"/>, with <paramref name="running"/> seats taken and <paramref name="usedBlocks"/> KV blocks held.</summary>
    /// <remarks>
    /// Each of its decoding sequences emits one token, <see cref="StepTimes.Gap"/> after its last; but silent ones
    /// (<see cref="BatchShape.SilentSequences"/>) emit none, and <see cref="ResumedToken"/> tells the gap of late ones.
    /// </remarks>
    public abstract void Step(in EngineClock end, in BatchShape shape, in StepTimes times, int running, int usedBlocks);

    /// <summary>
    /// A run of <paramref name="steps"/> decode steps of one batch: the first attends to <paramref name="context"/> keys, takes
    /// <paramref name="cost"/>.First and each next <paramref name="cost"/>.Growth more.
    /// </summary>
    /// <param name="start">When the first step starts on the GPU.</param>
    /// <param name="sequences">Sequences in the batch.</param>
    /// <param name="running">Seats taken, which in-flight last tokens still hold.</param>
    /// <param name="context">Keys attended to in the first step.</param>
    /// <param name="steps">How many steps. At least 1.</param>
    /// <param name="cost">Durations.</param>
    /// <param name="totalQuanta">Sum of the durations.</param>
    /// <param name="blockQuanta">Sum over the steps of KV blocks held times duration.</param>
    /// <param name="usedBlocks">KV blocks held in the last step, the most of the run.</param>
    /// <param name="silent">Sequences that emit nothing (padding).</param>
    public abstract void DecodeRun(
        in EngineClock start, int sequences, int running, long context, long steps, in DecodeRunCost cost, long totalQuanta,
        Int128 blockQuanta, int usedBlocks, int silent = 0);

    /// <summary>
    /// The first moment after <paramref name="nanoseconds"/> at which something ends that runs of steps must be told apart for:
    /// steps that end before it are reported in one run, the one that does not by itself.
    /// </summary>
    public virtual long NextBoundary(long nanoseconds) => long.MaxValue;

    /// <summary>The simulation ended at this time.</summary>
    public abstract void Ended(long endNs);
}
