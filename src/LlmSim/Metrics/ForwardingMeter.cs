using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Metrics;

/// <summary>Hands everything on to another meter: the base of those that measure what only some runs want.</summary>
/// <param name="inner">The other meter.</param>
internal abstract class ForwardingMeter(ServingMeter inner) : ServingMeter
{
    /// <inheritdoc />
    public override void Arrived(in ArrivingRequest request) => inner.Arrived(in request);

    /// <inheritdoc />
    public override void Rejected(in ArrivingRequest request) => inner.Rejected(in request);

    /// <inheritdoc />
    public override void Refused(in InboundRequest request, long nowNs) => inner.Refused(in request, nowNs);

    /// <inheritdoc />
    public override bool WatchesTime => true;

    /// <inheritdoc />
    public override void Queued(long arrivalNs, long readyNs) => inner.Queued(arrivalNs, readyNs);

    /// <inheritdoc />
    public override void Passed(long nowNs) => inner.Passed(nowNs);

    /// <inheritdoc />
    public override void Scheduled(long nowNs, long waitNs, bool first) => inner.Scheduled(nowNs, waitNs, first);

    /// <inheritdoc />
    public override void FirstToken(long sinceArrivalNs, long sinceScheduledNs) => inner.FirstToken(sinceArrivalNs, sinceScheduledNs);

    /// <inheritdoc />
    public override void ResumedToken(long gapNs) => inner.ResumedToken(gapNs);

    /// <inheritdoc />
    public override void Preempted(long nowNs) => inner.Preempted(nowNs);

    /// <inheritdoc />
    public override void SwappedOut() => inner.SwappedOut();

    /// <inheritdoc />
    public override void Moved(int blocks) => inner.Moved(blocks);

    /// <inheritdoc />
    public override void LookedUp(int tokens, int hits, bool first) => inner.LookedUp(tokens, hits, first);

    /// <inheritdoc />
    public override void LeftQueue(long nowNs) => inner.LeftQueue(nowNs);

    /// <inheritdoc />
    public override void Finished(in RequestRecord record) => inner.Finished(in record);

    /// <inheritdoc />
    public override void Aborted(in AbortRecord record) => inner.Aborted(in record);

    /// <inheritdoc />
    public override void QueueLength(int waiting) => inner.QueueLength(waiting);

    /// <inheritdoc />
    public override void Step(in EngineClock end, in BatchShape shape, in StepTimes times, int running, int usedBlocks) =>
        inner.Step(in end, in shape, times, running, usedBlocks);

    /// <inheritdoc />
    public override void DecodeRun(
        in EngineClock start, int sequences, int running, long context, long steps, in DecodeRunCost cost, long totalQuanta,
        Int128 blockQuanta, int usedBlocks, int silent = 0) =>
        inner.DecodeRun(start, sequences, running, context, steps, cost, totalQuanta, blockQuanta, usedBlocks, silent);

    /// <inheritdoc />
    public override long NextBoundary(long nanoseconds) => inner.NextBoundary(nanoseconds);

    /// <inheritdoc />
    public override void Ended(long endNs) => inner.Ended(endNs);
}
