using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>
/// Static batching, as FasterTransformer and Hugging Face's <c>generate</c> do it, and dynamic batching, as Triton's dynamic batcher
/// in front of them: a batch is put together, its prompts are computed, all decode until the longest member is done, the next
/// batch follows. (Orca, OSDI '22, section 2, calls this request-level scheduling.)
/// </summary>
/// <remarks>
/// All rows decode in step, so the whole decode phase is linear in the step number: between two finishers it is jumped over in
/// closed form, and a batch costs work for its members only. Step by step it gives the same.
/// </remarks>
internal sealed partial class BatchEngine : Engine
{
    private readonly BlockPool _blocks;
    private readonly bool _stepByStep;
    private readonly Queue<InboundRequest> _waiting = new();
    private readonly BatchMember[] _members; // in order of arrival
    private readonly long[] _byOutput; // output length and index of each member, sorted
    private int _count;
    private int _longest; // output tokens of the longest member
    private long _inputTokens; // prompts of all members

    private int _prompts; // members whose prompts are computed
    private int _firstEnded; // first member whose prompt ends in the step in flight
    private int _onTime; // first member whose prompt ends in the last prompt step
    private int _computed; // tokens computed of the prompt after those
    private int _token; // output tokens made of each row, once it decodes
    private int _done; // members done, in order of output length
    private EngineClock _lastOut;

    /// <summary>Creates an idle engine.</summary>
    public BatchEngine(EngineLimits limits, StepCostModel cost, ServingMeter meter, EventHub events, bool stepByStep)
        : base(limits, cost, meter, events)
    {
        _stepByStep = stepByStep;
        _blocks = new BlockPool(limits.UsableBlocks, limits.BlockSize);
        _members = new BatchMember[limits.BatchSize];
        _byOutput = new long[limits.BatchSize];
    }

    /// <inheritdoc />
    public override int Requests => _waiting.Count + _count - _done;

    /// <inheritdoc />
    public override int UsedBlocks => _blocks.Used;

    /// <inheritdoc />
    protected override int Waiting => _waiting.Count;

    /// <inheritdoc />
    protected override bool HasWork => InFlight == 0 && (_count > 0 || CanStart);

    /// <inheritdoc />
    protected override long NextOccasionNs => _waiting.Count == 0
        ? Inbox.NextReadyNs
        : Math.Min(Inbox.NextReadyNs, Math.Min(DeadlineNs, Inbox.ClosesNs));

    private bool CanStart => _waiting.Count >= Limits.BatchSize
        || (_waiting.Count > 0 && Math.Min(DeadlineNs, Inbox.ClosesNs) <= Now.Nanoseconds);

    // When the oldest request has waited long enough.
    private long DeadlineNs => Limits.BatchWindowNs == long.MaxValue ? long.MaxValue : _waiting.Peek().ReadyNs + Limits.BatchWindowNs;

    /// <inheritdoc />
    protected override void Enqueue(in InboundRequest inbound) => _waiting.Enqueue(inbound);

    /// <inheritdoc />
    protected override void Schedule(ref StepInFlight step, StepRecord? record)
    {
        Meter.QueueLength(_waiting.Count);
        if (_count == 0)
        {
            Form(record);
        }

        Meter.QueueLength(_waiting.Count);
        var shape = new BatchShape(Limits.AttentionWindow);
        if (_prompts < _count)
        {
            AddPrompts(ref shape, record);
            StepTimes times = Execute(ref step, shape, default);
            Meter.Step(in step.End, shape, times, _count, _blocks.Used);
        }
        else
        {
            _token++;
            shape.AddDecode(_count, Context(_token));
            shape.SilentSequences = _done;
            StepTimes times = Execute(ref step, shape, _lastOut);
            shape.LateSequences = _token == 2 ? TellLate(step.Out.Nanoseconds) : 0;
            Meter.Step(in step.End, shape, times, _count, _blocks.Used);
        }

        if (record is not null)
        {
            Record(record, shape);
        }
    }

    /// <inheritdoc />
    protected override void Apply(in StepInFlight step)
    {
        _lastOut = step.Out;
        long outNs = step.Out.Nanoseconds;
        for (; _firstEnded < _prompts; _firstEnded++)
        {
            ref BatchMember member = ref _members[_firstEnded];
            member.FirstTokenNs = outNs;
            Meter.FirstToken(outNs - member.Request.ArrivalNs, outNs - member.ScheduledNs);
            if (member.Request.OutputTokens == 1)
            {
                Finish(member, outNs);
            }
        }

        if (_prompts < _count)
        {
            return;
        }

        for (; _done < _count && OutputOf(_done) <= _token; _done++)
        {
            if (_token > 1)
            {
                Finish(_members[(int)_byOutput[_done]], outNs);
            }
        }

        if (_done == _count)
        {
            _count = _done = 0;
            _blocks.Return(_blocks.Used);
        }
    }

    /// <inheritdoc />
    protected override bool TryDecodeRun(long horizonNs)
    {
        if (_stepByStep || _count == 0 || _prompts < _count || _token < 2)
        {
            return false;
        }

        long context = Context(_token + 1);
        DecodeRunCost cost = Cost.DecodeRun(_count, context);
        EngineClock start = NextStart;
        if (Outputs is not null && !Outputs.KeepsPace(start, _lastOut, _count - _done, cost.First))
        {
            return false; // Their gaps differ from the steps'.
        }

        horizonNs = Limits.MaxQueuedRequests > 0 ? Math.Min(horizonNs, Inbox.NextReadyNs) : horizonNs; // which may be refused
        long steps = cost.StepsToReach(start.QuantaUntil(horizonNs), cost.Cut(OutputOf(_done) - _token));

        // A run ends before a boundary of the meter; the step that does not is told by itself.
        long boundary = Meter.NextBoundary(start.Nanoseconds);
        if (start.Plus(cost.Quanta(steps)).Nanoseconds >= boundary)
        {
            steps = Math.Max(1, cost.StepsToReach(start.QuantaUntil(boundary), steps) - 1);
        }

        long quanta = cost.Quanta(steps);
        EngineClock lastStart = start.Plus(cost.Quanta(steps - 1));
        Meter.DecodeRun(
            start, _count, _count, context, steps, cost, quanta, DecodeBatch.Product(_blocks.Used, quanta), _blocks.Used, _done);
        _token += (int)steps;
        EngineClock end = start.Plus(quanta);
        SkipTurns(steps, lastStart, new StepInFlight
        {
            Call = Call + steps,
            Start = lastStart,
            End = end,
            Out = Outputs?.Serve(end, _count - _done) ?? end,
            Tokens = _count,
            FirstFinisher = -1,
        });
        return true;
    }

    // Keys that all rows attend to in the step that makes their output token of this number, padding rows as the others.
    private long Context(int token) => _inputTokens + (_count * (token - 1L));

    private int OutputOf(int rank) => (int)(_byOutput[rank] >> 32);

    // Members whose prompts ended before the last prompt step waited for it between their first two tokens. Returns how many.
    private int TellLate(long outNs)
    {
        int late = 0;
        for (int i = 0; i < _onTime; i++)
        {
            if (_members[i].Request.OutputTokens > 1)
            {
                Meter.ResumedToken(outNs - _members[i].FirstTokenNs);
                late++;
            }
        }

        return late;
    }

    private void Finish(in BatchMember member, long outNs)
    {
        InboundRequest request = member.Request;
        Finished(new RequestRecord(
            request.Id,
            new SimTime(request.ArrivalNs),
            new SimTime(request.ReadyNs),
            new SimTime(member.ScheduledNs),
            new SimTime(member.FirstTokenNs),
            new SimTime(outNs),
            request.InputTokens,
            request.OutputTokens,
            Preemptions: 0,
            request.Class));
    }
}
