using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>
/// One replica's engine loop, as vLLM V1 runs it (<c>vllm/v1/engine/core.py</c>: <c>step</c> and <c>step_with_batch_queue</c>):
/// poll arrivals, schedule a step, launch it; wait for the oldest step only when the queue of steps in flight is full.
/// One step in flight is the synchronous loop, two the asynchronous one. What to schedule is the derived class's business.
/// </summary>
internal abstract class Engine : Actor
{
    // How many turns of the loop an engine takes before it lets the kernel look for a cancellation.
    private const int TurnsPerWake = 1 << 14;

    private readonly StepInFlight[] _flight;
    private readonly StepRecord[] _records;
    private int _oldest;
    private bool _mustWait;
    private bool _mustYield;

    /// <summary>Creates an engine.</summary>
    protected Engine(EngineLimits limits, StepCostModel cost, ServingMeter meter, EventHub events)
    {
        Limits = limits;
        Cost = cost;
        Meter = meter;
        Events = events;
        IsObserved = !events.IsSilent;
        _flight = new StepInFlight[limits.StepsInFlight];
        _records = [.. Enumerable.Range(0, limits.StepsInFlight).Select(_ => new StepRecord())];
    }

    /// <summary>Requests handed over and not looked at yet.</summary>
    public Inbox Inbox { get; } = new();

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

    /// <summary>Whether steps must be recorded one by one.</summary>
    protected bool IsObserved { get; }

    /// <summary>The loop's own time: when it schedules.</summary>
    protected EngineClock Now { get; private set; }

    /// <summary>When the GPU has done all that was launched.</summary>
    protected EngineClock GpuFree { get; private set; }

    /// <summary>Number of the latest scheduling call, from 1.</summary>
    protected long Call { get; private set; }

    /// <summary>Steps in flight.</summary>
    protected int InFlight { get; private set; }

    /// <summary>The oldest step in flight.</summary>
    protected ref StepInFlight Oldest => ref _flight[_oldest];

    /// <summary>Whether any request waits or runs.</summary>
    protected abstract bool HasRequests { get; }

    /// <inheritdoc />
    public override SimTime Wake(SimTime now, SimTime horizon)
    {
        for (int turn = 0; turn < TurnsPerWake; turn++)
        {
            if (_mustWait)
            {
                Now = EngineClock.Max(Now, Oldest.End);
                if (Now.Nanoseconds >= horizon.Nanoseconds)
                {
                    break;
                }

                ApplyOldest();
                if (TakesYield())
                {
                    break;
                }
            }

            if (!HasRequests && InFlight == 0)
            {
                if (Inbox.NextReadyNs == long.MaxValue)
                {
                    return SimTime.Never;
                }

                Now = EngineClock.Max(Now, EngineClock.At(Inbox.NextReadyNs));
            }

            if (Now.Nanoseconds >= horizon.Nanoseconds)
            {
                break;
            }

            Turn(horizon.Nanoseconds);
            if (TakesYield())
            {
                break;
            }
        }

        return new SimTime(Now.Nanoseconds);
    }

    /// <summary>A request emitted its last token.</summary>
    protected void Finished(in RequestRecord record)
    {
        Meter.Finished(record);
        if (Completions is not null)
        {
            _mustYield |= Completions.Completed(record.Finish);
        }
    }

    /// <summary>Puts a request into the waiting queue.</summary>
    protected abstract void Enqueue(in InboundRequest request);

    /// <summary>
    /// Decides on a step that starts at <see cref="StepInFlight.Start"/>; fills in its end, tokens and finishers, and the
    /// record when there is one.
    /// </summary>
    protected abstract void Schedule(ref StepInFlight step, StepRecord? record);

    /// <summary>Applies a step's results: the scheduler learns of its tokens, finished requests leave their seats and blocks.</summary>
    protected abstract void Apply(in StepInFlight step);

    /// <summary>
    /// Takes many turns at once if all of them only decode the same batch. Arrivals from <paramref name="horizonNs"/> on are
    /// not known yet. Called with one step fewer in flight than there may be.
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
        GpuFree = latest.End;
        if (InFlight > 0)
        {
            Oldest = latest;
        }
        else
        {
            Apply(latest);
        }
    }

    /// <summary>
    /// Whether an answer just now may have caused an arrival that the horizon did not know of. Nothing is half done then: the loop
    /// goes on from here at the next wake-up, at this same moment.
    /// </summary>
    private bool TakesYield()
    {
        bool yields = _mustYield;
        _mustYield = false;
        return yields;
    }

    private void Turn(long horizonNs)
    {
        while (Inbox.NextReadyNs <= Now.Nanoseconds)
        {
            Enqueue(Inbox.Pop());
        }

        if (HasRequests)
        {
            if (!IsObserved && InFlight == Limits.StepsInFlight - 1 && TryDecodeRun(horizonNs))
            {
                return;
            }

            if (Launch() > 0 && InFlight < Limits.StepsInFlight)
            {
                return;
            }
        }

        _mustWait = InFlight > 0;
    }

    private int Launch()
    {
        Call++;
        int slot = (_oldest + InFlight) % _flight.Length;
        ref StepInFlight step = ref _flight[slot];
        step = new StepInFlight { Start = EngineClock.Max(Now, GpuFree), FirstFinisher = -1 };
        StepRecord? record = IsObserved ? _records[slot] : null;
        record?.Clear();
        Schedule(ref step, record);
        GpuFree = step.End;
        InFlight++;
        if (record is not null)
        {
            record.Number = Call;
            record.Decided = new SimTime(Now.Nanoseconds);
            record.Start = new SimTime(step.Start.Nanoseconds);
            record.End = new SimTime(step.End.Nanoseconds);
            StepEvents.Decided(Events, record);
            if (InFlight == 1)
            {
                StepEvents.Started(Events, record);
            }
        }

        return step.Tokens;
    }

    private void ApplyOldest()
    {
        _mustWait = false;
        if (IsObserved)
        {
            StepEvents.Finished(Events, _records[_oldest]);
        }

        Apply(Oldest);
        _oldest = (_oldest + 1) % _flight.Length;
        InFlight--;
        if (IsObserved && InFlight > 0)
        {
            StepEvents.Started(Events, _records[_oldest]);
        }
    }
}
