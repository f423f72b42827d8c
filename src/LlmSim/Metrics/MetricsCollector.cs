using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Metrics;

/// <summary>
/// Adds up everything an engine reports. A call costs a few nanoseconds and allocates nothing but, now and then, a page of a
/// histogram; all sums are exact integers, so that neither order nor grouping of the calls shows in them.
/// </summary>
internal sealed class MetricsCollector : ServingMeter
{
    private readonly EngineLimits _limits;
    private readonly RequestSink? _sink;
    private readonly bool _judgesAtFinish; // where clients may give up, latencies are those of the requests that finish
    private long _accepted;
    private long _batchEnd = RunBatches.FirstSize;

    /// <summary>Creates an empty collector.</summary>
    /// <param name="limits">Limits of the engine that reports.</param>
    /// <param name="sink">Takes a record per finished request; null for none.</param>
    /// <param name="objectives">What requests must keep; null or nothing set: it is not counted.</param>
    public MetricsCollector(EngineLimits limits, RequestSink? sink = null, SloSpec? objectives = null)
    {
        _limits = limits;
        _judgesAtFinish = limits.Patience is not null;
        _sink = sink;
        Objectives = objectives is { IsSet: true } ? new ObjectiveTally(objectives) : null;
        PrefixCache = new PrefixCacheTally(limits.BlockSize);
        Work = new WorkTally(limits.MaxNumBatchedTokens, limits.MaxNumSeqs, limits.AttentionWindow);
        Batches = new RunBatches(
            FirstTokenLatency, EndToEndLatency, PrefillLatency, TimePerOutputToken, InterTokenLatency, QueueTime);
    }

    /// <summary>Limits of the engine that reports.</summary>
    public EngineLimits Limits => _limits;

    /// <summary>Time to first token: arrival to first token, also of requests that did not finish.</summary>
    public LatencyHistogram FirstTokenLatency { get; } = new();

    /// <summary>Gaps between successive tokens, pooled over all requests.</summary>
    public LatencyHistogram InterTokenLatency { get; } = new();

    /// <summary>Per request of at least two tokens: first to last token, over the tokens after the first.</summary>
    public LatencyHistogram TimePerOutputToken { get; } = new();

    /// <summary>Arrival to last token.</summary>
    public LatencyHistogram EndToEndLatency { get; } = new();

    /// <summary>First scheduled to first token.</summary>
    public LatencyHistogram PrefillLatency { get; } = new();

    /// <summary>Time in the queue before first being scheduled.</summary>
    public LatencyHistogram QueueTime { get; } = new();

    /// <summary>The run in batches, for confidence intervals.</summary>
    public RunBatches Batches { get; }

    /// <summary>Requests accepted over time, every eighth.</summary>
    public CountCurve Arrivals { get; } = new();

    /// <summary>Requests scheduled for the first time over time.</summary>
    public CountCurve Starts { get; } = new();

    /// <summary>Requests refused at the queue, or given up before they were ever scheduled, over time.</summary>
    public CountCurve Drops { get; } = new();

    /// <summary>The work of all steps.</summary>
    public WorkTally Work { get; }

    /// <summary>Requests that kept the objectives; null without objectives.</summary>
    public ObjectiveTally? Objectives { get; }

    /// <summary>What is counted by class; null where there can be no classes.</summary>
    public ClassTallies? Classes { get; init; }

    /// <summary>What the prefix cache had.</summary>
    public PrefixCacheTally PrefixCache { get; }

    /// <summary>Requests that reached the server, rejected ones included.</summary>
    public long Total { get; private set; }

    /// <summary>Requests that finished.</summary>
    public long Completed { get; private set; }

    /// <summary>Requests refused because prompt and one token are longer than the engine allows.</summary>
    public long RejectedTooLong { get; private set; }

    /// <summary>Requests refused because all KV blocks together cannot hold them.</summary>
    public long RejectedTooManyBlocks { get; private set; }

    /// <summary>Requests refused because the queue was full.</summary>
    public long RejectedQueueFull { get; private set; }

    /// <summary>Requests whose clients gave up.</summary>
    public long AbortedRequests { get; private set; }

    /// <summary>Those of them that the scheduler had never taken.</summary>
    public long AbortedUnserved { get; private set; }

    /// <summary>Prompt tokens computed for requests whose clients gave up.</summary>
    public long WastedInputTokens { get; private set; }

    /// <summary>Tokens generated for requests whose clients gave up.</summary>
    public long WastedOutputTokens { get; private set; }

    /// <summary>All requests refused.</summary>
    public long Rejections => RejectedTooLong + RejectedTooManyBlocks + RejectedQueueFull;

    /// <summary>Requests accepted whose output the maximum length cuts short.</summary>
    public long CutShort { get; private set; }

    /// <summary>Prompt tokens of the requests that finished.</summary>
    public long InputTokens { get; private set; }

    /// <summary>Tokens generated by the requests that finished.</summary>
    public long OutputTokens { get; private set; }

    /// <summary>Times a request was thrown out.</summary>
    public long Preemptions { get; private set; }

    /// <summary>Those of them that kept their computed tokens, in host memory.</summary>
    public long Swaps { get; private set; }

    /// <summary>Sum over all steps and pipeline stages of the time a step takes in a stage, in quanta.</summary>
    public Int128 BusyQuanta { get; private set; }

    /// <summary>Sum over the steps of seats taken times duration in quanta.</summary>
    public Int128 RunningQuanta { get; private set; }

    /// <summary>Sum over the steps of KV blocks held times duration in quanta.</summary>
    public Int128 BlockQuanta { get; private set; }

    /// <summary>Sum of all waits that ended, resumed requests included, in nanoseconds: the integral of the queue's length.</summary>
    public Int128 WaitingNanoseconds { get; private set; }

    /// <summary>Most seats taken in a step.</summary>
    public int MaxRunning { get; private set; }

    /// <summary>Most KV blocks held in a step.</summary>
    public int MaxBlocks { get; private set; }

    /// <summary>Most requests waiting at a scheduling call.</summary>
    public int MaxWaiting { get; private set; }

    /// <summary>When the first request arrived, in nanoseconds; 0 without requests.</summary>
    public long FirstArrival { get; private set; }

    /// <summary>When the last request arrived, in nanoseconds; 0 without requests.</summary>
    public long LastArrival { get; private set; }

    /// <summary>When the last request arrived that came by itself, not as the next turn of a conversation, in nanoseconds; 0 without requests.</summary>
    public long LastBegin { get; private set; }

    /// <summary>When the last request of all finished or was given up, in nanoseconds; 0 before any did.</summary>
    public long LastFinish { get; private set; }

    /// <summary>When the simulation ended, in nanoseconds; 0 before it did.</summary>
    public long End { get; private set; }

    /// <inheritdoc />
    public override void Arrived(in ArrivingRequest request)
    {
        LastArrival = request.Arrival.Nanoseconds;
        if (Total++ == 0)
        {
            FirstArrival = LastArrival;
        }

        if (request.Content is null or { EarlierTokens: 0 })
        {
            LastBegin = LastArrival;
        }

        if (request.InputTokens < _limits.MaxModelLen)
        {
            if ((++_accepted & CountCurve.SampleMask) == 0)
            {
                Arrivals.Add(LastArrival);
            }

            PrefixCache.Accepted(in request);
            CutShort += request.InputTokens + (long)request.OutputTokens > _limits.MaxModelLen ? 1 : 0;
        }
    }

    /// <inheritdoc />
    public override void Rejected(in ArrivingRequest request)
    {
        if (Classes is { Names.Count: > 0 })
        {
            Classes[request.Class].Rejected++;
        }

        if (request.InputTokens >= _limits.MaxModelLen)
        {
            RejectedTooLong++;
        }
        else
        {
            RejectedTooManyBlocks++;
        }
    }

    /// <inheritdoc />
    public override void Refused(in InboundRequest request, long nowNs)
    {
        RejectedQueueFull++;
        Drops.Add(nowNs);
        if (Classes is { Names.Count: > 0 })
        {
            Classes[request.Class].Rejected++;
        }
    }

    /// <inheritdoc />
    public override void Aborted(in AbortRecord record)
    {
        AbortedRequests++;
        WastedInputTokens += record.InputTokens;
        WastedOutputTokens += record.OutputTokens;
        WaitingNanoseconds += Math.Max(0, record.WaitNs);
        LastFinish = Math.Max(LastFinish, record.Time.Nanoseconds);
        if (!record.HasRun)
        {
            AbortedUnserved++;
            Drops.Add(record.Time.Nanoseconds);
        }

        if (Classes is { Names.Count: > 0 })
        {
            Classes[record.Class].Aborted++;
        }
    }

    /// <inheritdoc />
    public override void Scheduled(long nowNs, long waitNs, bool first)
    {
        WaitingNanoseconds += waitNs;
        if (first)
        {
            Starts.Add(nowNs);
            if (!_judgesAtFinish)
            {
                QueueTime.Record(waitNs);
            }
        }
    }

    /// <inheritdoc />
    public override void FirstToken(long sinceArrivalNs, long sinceScheduledNs)
    {
        if (!_judgesAtFinish)
        {
            FirstTokenLatency.Record(sinceArrivalNs);
            PrefillLatency.Record(sinceScheduledNs);
        }
    }

    /// <inheritdoc />
    public override void ResumedToken(long gapNs) => InterTokenLatency.Record(gapNs);

    /// <inheritdoc />
    public override void Preempted(long nowNs) => Preemptions++;

    /// <inheritdoc />
    public override void SwappedOut() => Swaps++;

    /// <inheritdoc />
    public override void Moved(int blocks) => Work.AddSwap(blocks);

    /// <inheritdoc />
    public override void LookedUp(int tokens, int hits, bool first) => PrefixCache.LookedUp(tokens, hits, first);

    /// <inheritdoc />
    public override void Finished(in RequestRecord record)
    {
        Completed++;
        InputTokens += record.InputTokens;
        OutputTokens += record.OutputTokens;
        LastFinish = Math.Max(LastFinish, record.Finish.Nanoseconds);
        EndToEndLatency.Record((record.Finish - record.Arrival).Nanoseconds);
        if (_judgesAtFinish)
        {
            QueueTime.Record((record.Scheduled - record.Ready).Nanoseconds);
            FirstTokenLatency.Record((record.FirstToken - record.Arrival).Nanoseconds);
            PrefillLatency.Record((record.FirstToken - record.Scheduled).Nanoseconds);
        }

        if (record.OutputTokens > 1)
        {
            TimePerOutputToken.Record((record.Finish - record.FirstToken).Nanoseconds / (record.OutputTokens - 1));
        }

        if (Completed == _batchEnd)
        {
            Batches.Close();
            _batchEnd = Batches.NextEnd;
        }

        Objectives?.Add(in record);
        Classes?.Add(in record);
        _sink?.Write(in record);
    }

    /// <inheritdoc />
    public override void QueueLength(int waiting) => MaxWaiting = Math.Max(MaxWaiting, waiting);

    /// <inheritdoc />
    public override void Step(in EngineClock end, in BatchShape shape, in StepTimes times, int running, int usedBlocks)
    {
        InterTokenLatency.RecordQuanta(times.Gap, shape.DecodeSequences - shape.SilentSequences - shape.LateSequences);
        if (shape.Tokens > 0)
        {
            Work.AddStep(in shape);
        }

        BusyQuanta += times.Busy;
        AddOccupancy(times.Span, running, usedBlocks, Math.BigMul(times.Span, (long)usedBlocks));
    }

    /// <inheritdoc />
    public override void DecodeRun(
        in EngineClock start, int sequences, int running, long context, long steps, in DecodeRunCost cost, long totalQuanta,
        Int128 blockQuanta, int usedBlocks, int silent = 0)
    {
        InterTokenLatency.RecordRun(cost.First, cost.Growth, steps, sequences - silent);
        Work.AddDecodeRun(sequences, context, steps, cost.Spread);
        BusyQuanta += totalQuanta;
        AddOccupancy(totalQuanta, running, usedBlocks, blockQuanta);
    }

    /// <inheritdoc />
    public override void Ended(long endNs) => End = endNs;

    private void AddOccupancy(long quanta, int running, int usedBlocks, Int128 blockQuanta)
    {
        RunningQuanta += Math.BigMul(quanta, (long)running);
        BlockQuanta += blockQuanta;
        MaxRunning = Math.Max(MaxRunning, running);
        MaxBlocks = Math.Max(MaxBlocks, usedBlocks);
    }
}
