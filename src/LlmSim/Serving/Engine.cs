using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>
/// One replica's engine loop, as vLLM V1 runs it (<c>vllm/v1/engine/core.py</c>: <c>step</c> and <c>step_with_batch_queue</c>):
/// poll arrivals, schedule a step, launch it; wait for the oldest step only when the queue of steps in flight is full.
/// One step in flight is the synchronous loop, two the asynchronous one, one a stage a pipeline's. What to schedule is the derived
/// class's business.
/// </summary>
internal abstract partial class Engine : Actor
{
    // How many turns of the loop an engine takes before it lets the kernel look for a cancellation.
    private const int TurnsPerWake = 1 << 14;

    private readonly Pipeline _pipeline;
    private readonly int _stages;
    private readonly int _inFlightAtRuns; // steps in flight when a run of decode steps may begin
    private readonly bool _queuesEmptySteps;
    private readonly StepInFlight[] _flight;
    private readonly StepRecord[] _records;
    private int _oldest;
    private bool _mustWait;
    private bool _mustYield;
    private int _announced;
    private SimTime _sleepsUntil = SimTime.Never;

    /// <summary>Creates an engine.</summary>
    protected Engine(EngineLimits limits, StepCostModel cost, ServingMeter meter, EventHub events)
    {
        Limits = limits;
        Cost = cost;
        Meter = meter;
        Events = events;
        IsObserved = !events.IsSilent;
        _stages = limits.PipelineStages;
        _inFlightAtRuns = limits.RunsAhead ? 1 : 0;
        _queuesEmptySteps = _stages == 1 && limits.Sglang is null;
        _pipeline = new Pipeline(cost, _stages, IsObserved);
        Outputs = OutputQueue.Of(limits);
        if (limits.Patience is { } patience)
        {
            StartTimeouts(patience);
        }

        _flight = new StepInFlight[limits.StepsInFlight];
        _records = [.. Enumerable.Range(0, limits.StepsInFlight).Select(_ => new StepRecord())];
    }

    /// <summary>Requests handed over and not looked at yet.</summary>
    public Inbox Inbox { get; } = new();

    /// <summary>Its number among the replicas, from 0.</summary>
    public int Replica { get; set; }

    /// <summary>Who has to know of answers at once; null for nobody.</summary>
    public ICompletionListener? Completions { get; set; }

    /// <summary>The scheduler's bounds.</summary>
    protected EngineLimits Limits { get; }

    /// <summary>What a step costs.</summary>
    protected StepCostModel Cost { get; }

    /// <summary>What the metrics are told.</summary>
    protected ServingMeter Meter { get; }

    /// <summary>What the observers are told.</summary>
    protected EventHub Events { get; }

    /// <summary>What stands between the engine and its clients; null for nothing.</summary>
    protected OutputQueue? Outputs { get; }

    /// <summary>Whether steps must be recorded one by one.</summary>
    protected bool IsObserved { get; }

    /// <summary>The loop's own time: when it schedules.</summary>
    protected EngineClock Now { get; private set; }

    /// <summary>When a step scheduled now would start on the GPU.</summary>
    protected EngineClock NextStart => EngineClock.Max(Now, _pipeline.FirstFree);

    /// <summary>Number of the latest scheduling call, from 1.</summary>
    protected long Call { get; private set; }

    /// <summary>Number of the latest call whose step was applied.</summary>
    protected long AppliedCall { get; private set; }

    /// <summary>Steps in flight.</summary>
    protected int InFlight { get; private set; }

    /// <summary>The oldest step in flight.</summary>
    protected ref StepInFlight Oldest => ref _flight[_oldest];

    /// <summary>The first step in flight whose start observers were not told of.</summary>
    private ref StepInFlight Unannounced => ref _flight[Slot(_announced)];

    /// <summary>Who fills the inbox: nothing unknown arrives before it acts next.</summary>
    public Actor? Feeder { get; set; }

    /// <summary>
    /// Whether a run of decode steps that reaches beyond the horizon may be left until its end or the next arrival here. Only the
    /// number of unfinished requests is up to date meanwhile.
    /// </summary>
    public bool MaySleepThroughRuns { get; set; }

    /// <summary>Whether answers wait behind the engine, and are told before clients have them.</summary>
    public bool HasOutputQueue => Outputs is not null;

    /// <summary>Requests that wait or run.</summary>
    public abstract int Requests { get; }

    /// <summary>Requests that wait.</summary>
    protected abstract int Waiting { get; }

    /// <summary>KV blocks that the latest decision left in use.</summary>
    public abstract int UsedBlocks { get; }

    /// <summary>Whether a call now would find something to schedule or to wait for.</summary>
    protected abstract bool HasWork { get; }

    /// <summary>When an idle engine may next have something to do, in nanoseconds; <see cref="long.MaxValue"/> for not known yet.</summary>
    protected virtual long NextOccasionNs => Inbox.NextReadyNs;

    /// <inheritdoc />
    public override SimTime Wake(SimTime now, SimTime horizon)
    {
        // Replicas do not touch each other, so only the feeder matters; but observers want all events in order of time, and clients
        // may be waiting for the first answer from any replica.
        // At this moment it is this actor's turn, whoever else wakes now.
        horizon = IsObserved || Completions is not null || Feeder is null ? horizon : Feeder.WakesAt;
        horizon = horizon > now ? horizon : new SimTime(now.Nanoseconds + 1);
        for (int turn = 0; turn < TurnsPerWake; turn++)
        {
            if (_mustWait)
            {
                bool isStartNext = IsObserved && _announced < InFlight && Unannounced.Start.QuantaSince(Oldest.End) < 0;
                Now = EngineClock.Max(Now, isStartNext ? Unannounced.Start : Oldest.End);
                if (Now.Nanoseconds >= horizon.Nanoseconds)
                {
                    break;
                }

                if (isStartNext)
                {
                    AnnounceStarts();
                    continue;
                }

                ApplyOldest();
                if (TakesYield())
                {
                    break;
                }
            }

            if (!HasWork && InFlight == 0)
            {
                long next = NextOccasionNs;
                if (next >= horizon.Nanoseconds)
                {
                    return next == long.MaxValue ? SimTime.Never : new SimTime(Math.Max(next, Now.Nanoseconds));
                }

                Now = EngineClock.Max(Now, EngineClock.At(next));
            }

            if (Now.Nanoseconds >= horizon.Nanoseconds)
            {
                break;
            }

            if (!TryTurn(horizon.Nanoseconds))
            {
                break;
            }

            if (_sleepsUntil != SimTime.Never)
            {
                (SimTime end, _sleepsUntil) = (_sleepsUntil, SimTime.Never);
                return end;
            }
        }

        return new SimTime(Now.Nanoseconds);
    }

    /// <summary>Called by <see cref="TryDecodeRun"/>: nothing was done; the run is taken at this time, or when a request arrives.</summary>
    protected void SleepUntil(SimTime time) => _sleepsUntil = time;

    /// <summary>A request emitted its last token.</summary>
    protected void Finished(in RequestRecord record)
    {
        if (Limits.Patience is not null && IsTooLate(record))
        {
            Meter.Aborted(new AbortRecord(
                record.Id, record.Arrival, record.Finish, record.InputTokens, record.OutputTokens, WaitNs: -1, HasRun: true, record.Class));
            Left(record.Id, record.Finish, isAnswered: false);
            return;
        }

        Meter.Finished(record);
        Left(record.Id, record.Finish, isAnswered: true);
    }

    /// <summary>Puts a request into the waiting queue.</summary>
    protected abstract void Enqueue(in InboundRequest request);

    /// <summary>
    /// Decides on a step that starts at <see cref="StepInFlight.Start"/>; launches it, and fills in its finishers and the record
    /// when there is one.
    /// </summary>
    protected abstract void Schedule(ref StepInFlight step, StepRecord? record);

    /// <summary>Before a step's results are told to observers: takes back what the record foretold and later decisions dropped.</summary>
    protected virtual void Revise(in StepInFlight step, StepRecord record)
    {
    }

    /// <summary>Applies a step's results: the scheduler learns of its tokens, finished requests leave their seats and blocks.</summary>
    protected abstract void Apply(in StepInFlight step);

    /// <summary>
    /// Takes many turns at once if all of them only decode the same batch. Arrivals from <paramref name="horizonNs"/> on are
    /// not known yet. Called with no step in flight, or with one in the asynchronous loop.
    /// </summary>
    /// <returns>False when the next turn has to be taken by itself.</returns>
    protected virtual bool TryDecodeRun(long horizonNs) => false;

    /// <summary>
    /// Accounts for <paramref name="calls"/> turns that <see cref="TryDecodeRun"/> took: the loop now stands at
    /// <paramref name="now"/>, <paramref name="latest"/> was launched last.
    /// </summary>
    protected void SkipTurns(long calls, EngineClock now, in StepInFlight latest)
    {
        Call += calls;
        Now = now;
        _pipeline.Drain(latest.End);
        Oldest = latest;
        InFlight = 1;
        _mustWait = _inFlightAtRuns == 0;
    }

    /// <summary>Launches a step with this work in it: sets its end, when clients have its tokens, and how many it computes.</summary>
    /// <param name="step">The step.</param>
    /// <param name="shape">Its work, silent sequences included.</param>
    /// <param name="lastTokens">When clients have the last tokens of its decoding sequences, if it has any.</param>
    protected StepTimes Execute(ref StepInFlight step, in BatchShape shape, EngineClock lastTokens)
    {
        step.Tokens = shape.Tokens;
        if (shape.Tokens == 0)
        {
            step.End = step.Out = step.Start;
            return default;
        }

        EngineClock before = _pipeline.LastFree;
        long busy = _pipeline.Launch(ref step, shape);
        step.Out = step.End;
        if (_stages == 1 && Outputs is null)
        {
            return new StepTimes(busy, busy, busy);
        }

        if (Outputs is not null)
        {
            step.Out = Outputs.Serve(step.End, shape.SampledRows - shape.SilentSequences);
        }

        long gap = shape.DecodeSequences == 0 ? 0 : step.Out.QuantaSince(lastTokens);
        return new StepTimes(busy, gap, _stages == 1 ? busy : step.End.QuantaSince(EngineClock.Max(before, step.Start)));
    }

    /// <summary>
    /// Whether an answer or a refusal just now may have caused an arrival that the horizon did not know of. Nothing is half done then: the loop
    /// goes on from here at the next wake-up, at this same moment.
    /// </summary>
    private bool TakesYield()
    {
        bool yields = _mustYield;
        _mustYield = false;
        return yields;
    }

    // False when somebody else must get its turn before anything is scheduled.
    private bool TryTurn(long horizonNs)
    {
        TakeMessages();
        if (TakesYield())
        {
            return false;
        }

        if (HasWork)
        {
            if (!IsObserved && InFlight == _inFlightAtRuns && TryDecodeRun(horizonNs))
            {
                return true;
            }

            if (Launch() > 0 && InFlight < _flight.Length)
            {
                return true;
            }
        }

        _mustWait = InFlight > 0;
        return true;
    }

    // Into the queue, or back to the client when that is full: as SGLang's scheduler at --max-queued-requests.
    private void Accept(in InboundRequest request)
    {
        if (Limits.MaxQueuedRequests == 0 || Waiting < Limits.MaxQueuedRequests)
        {
            Enqueue(request);
            return;
        }

        Meter.Refused(request, Now.Nanoseconds);
        Events.Handle(new RequestRejected(
            request.Id, new SimTime(Now.Nanoseconds), $"{Limits.MaxQueuedRequests} requests wait, as many as max_queued_requests allows"));
        Left(request.Id, new SimTime(Now.Nanoseconds), isAnswered: false);
    }

    // A client is free for its next request.
    private void Left(long id, SimTime time, bool isAnswered) =>
        _mustYield |= Completions is not null && Completions.Completed(id, time, isAnswered);

    /// <summary>Place of a step in flight, counted from the oldest.</summary>
    private int Slot(int index) => _oldest + index < _flight.Length ? _oldest + index : _oldest + index - _flight.Length;

    private int Launch()
    {
        Call++;
        int slot = Slot(InFlight);
        ref StepInFlight step = ref _flight[slot];
        step = new StepInFlight { Call = Call, Start = NextStart, FirstFinisher = -1 };
        StepRecord? record = IsObserved ? _records[slot] : null;
        record?.Clear();
        Schedule(ref step, record);

        // A step without work is nothing to wait for; the asynchronous loop of vLLM queues it all the same.
        bool isQueued = step.Tokens > 0 || _queuesEmptySteps;
        InFlight += isQueued ? 1 : 0;
        bool isIdle = !isQueued && Limits.Sglang is not null; // A turn of the loop that decided nothing: nobody is told.
        if (record is not null && (!isIdle || record.Preempted.Count > 0))
        {
            Complete(record, step);
            StepEvents.Decided(Events, record);
            AnnounceStarts();
        }

        return step.Tokens;
    }

    // What the loop knows of a step that was just launched.
    private void Complete(StepRecord record, in StepInFlight step)
    {
        record.Replica = Replica;
        record.Number = Call;
        record.Decided = new SimTime(Now.Nanoseconds);
        record.Start = new SimTime(step.Start.Nanoseconds);
        record.End = new SimTime(step.End.Nanoseconds);
        record.UsedBlocks = UsedBlocks;
        for (int stage = 0; stage < _stages && step.Tokens > 0; stage++)
        {
            record.AddStage(_stages == 1 ? (record.Start, record.End) : _pipeline.Latest(stage));
        }
    }

    private void ApplyOldest()
    {
        _mustWait = false;
        if (IsObserved)
        {
            Revise(Oldest, _records[_oldest]);
            DropTokens(_records[_oldest]);
            StepEvents.Finished(Events, _records[_oldest]);
        }

        AppliedCall = Oldest.Call;
        Apply(Oldest);
        _oldest = Slot(1);
        InFlight--;
        if (IsObserved)
        {
            _announced--;
            AnnounceStarts();
        }
    }

    /// <summary>Tells observers of the steps in flight that have started by now.</summary>
    private void AnnounceStarts()
    {
        for (; _announced < InFlight && Unannounced.Start.QuantaSince(Now) <= 0; _announced++)
        {
            StepEvents.Started(Events, _records[Slot(_announced)]);
        }
    }
}
