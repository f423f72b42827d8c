using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Conformance;

/// <summary>Keeps what a recorded schedule's summary holds: first and last token of each request, and preemptions.</summary>
internal sealed class ReplayMeter : ServingMeter
{
    /// <summary>The finished requests.</summary>
    public List<RequestRecord> Records { get; } = [];

    /// <summary>Preemptions in all.</summary>
    public long Preemptions { get; private set; }

    /// <inheritdoc />
    public override void Arrived(in ArrivingRequest request)
    {
    }

    /// <inheritdoc />
    public override void Aborted(in AbortRecord record)
    {
    }

    /// <inheritdoc />
    public override void Refused(in InboundRequest request, long nowNs)
    {
    }

    /// <inheritdoc />
    public override void Rejected(in ArrivingRequest request)
    {
    }

    /// <inheritdoc />
    public override void Scheduled(long nowNs, long waitNs, bool first)
    {
    }

    /// <inheritdoc />
    public override void FirstToken(long sinceArrivalNs, long sinceScheduledNs)
    {
    }

    /// <inheritdoc />
    public override void ResumedToken(long gapNs)
    {
    }

    /// <inheritdoc />
    public override void Preempted(long nowNs) => Preemptions++;

    /// <inheritdoc />
    public override void Finished(in RequestRecord record) => Records.Add(record);

    /// <inheritdoc />
    public override void QueueLength(int waiting)
    {
    }

    /// <inheritdoc />
    public override void Step(in EngineClock end, in BatchShape shape, in StepTimes times, int running, int usedBlocks)
    {
    }

    /// <inheritdoc />
    public override void DecodeRun(
        in EngineClock start, int sequences, int running, long context, long steps, in DecodeRunCost cost, long totalQuanta,
        Int128 blockQuanta, int usedBlocks, int silent = 0)
    {
    }

    /// <inheritdoc />
    public override void Ended(long endNs)
    {
    }
}
