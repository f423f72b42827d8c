using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Serving.Sglang;

/// <summary>
/// SGLang's scheduler in work per decode step that does not grow with the batch. <see cref="PlainSglangEngine"/> is the same in the
/// engine's own words.
/// </summary>
/// <remarks>
/// What makes it exact: a decode step takes all running requests or none, so they advance together and sums do, also for the
/// reservation, whose doubles are added up one by one only where a comparison is close. What shares nothing with others needs no place
/// in the radix tree: while it runs it is locked, afterwards it is only a number of tokens to evict. A request that is thrown out gets
/// its nodes then, for it may find them again.
/// </remarks>
internal sealed partial class FastSglangEngine : Engine
{
    private readonly SglangLimits _sglang;
    private readonly int _page;
    private readonly bool _overlaps;
    private readonly bool _hasBoundaries;
    private readonly RadixTree? _tree;
    private readonly SglangMemory _memory;
    private readonly RequestPool _pool = new();
    private readonly DecodeBatch _decodes;
    private readonly FastSglangStep[] _steps = [new(), new()];
    private readonly List<int> _joined = [];
    private readonly List<int> _late = [];
    private readonly List<int> _done = [];
    private SglangShare[] _shares = new SglangShare[64];
    private RequestList _waiting;
    private RequestList _running;
    private NewTokenRatio _ratio;
    private FastSglangStep? _latest;
    private int _nextStep;
    private int _oldestStep;
    private int _chunked = -1;
    private bool _isFull;
    private int _lastTokens; // running requests whose last token is in flight
    private int _rode; // finished ones that were in one more decode step
    private int _long; // running ones whose reservation may be clipped
    private long _reserved; // Σ of limits less output, as if no call had been made
    private long _queueEntries;
    private long _firstPlace;
    private long _lastPlace;
    private EngineClock _lastDecodeEnd;
    private long _appliedDecodeEndNs;
    private int _unfinished;
    private int _idleTurns;
    private bool _maySleep;

    /// <summary>Creates an idle engine.</summary>
    public FastSglangEngine(EngineLimits limits, StepCostModel cost, ServingMeter meter, EventHub events)
        : base(limits, cost, meter, events)
    {
        _sglang = limits.Sglang!;
        _page = limits.BlockSize;
        _overlaps = limits.IsAsynchronous;
        _hasBoundaries = meter.NextBoundary(0) != long.MaxValue;
        _tree = limits.EnablePrefixCaching ? new RadixTree(_page) : null;
        _memory = new SglangMemory(limits.UsableBlocks * _page, _page, _tree);
        _decodes = new DecodeBatch(_pool, _page, limits.MaxModelLen, sumsSquares: cost.UsesSpread);
        _waiting = new RequestList(_pool);
        _running = new RequestList(_pool);
        _ratio = new NewTokenRatio(_sglang.ScheduleConservativeness);
    }

    /// <inheritdoc />
    public override int Requests => _unfinished;

    /// <inheritdoc />
    protected override int Waiting => _waiting.Count;

    /// <inheritdoc />
    public override int UsedBlocks => _memory.UsedBlocks;

    /// <inheritdoc />
    protected override bool HasWork => !_maySleep;

    /// <inheritdoc />
    protected override void Enqueue(in InboundRequest inbound)
    {
        _maySleep = false;
        _unfinished++;
        int slot = _pool.Rent();
        _pool[slot] = new Request
        {
            Id = inbound.Id,
            ArrivalNs = inbound.ArrivalNs,
            ReadyNs = inbound.ReadyNs,
            WaitingSinceNs = inbound.ReadyNs,
            InputTokens = inbound.InputTokens,
            OutputTokens = inbound.OutputTokens,
            Key = _sglang.Urgency(inbound.Class),
            Class = inbound.Class,
        };
        if (slot >= _shares.Length)
        {
            Array.Resize(ref _shares, 2 * _shares.Length);
        }

        // The order by weight looks at every node's place in the tree.
        bool isShared = _tree is not null && (inbound.Content is not null || _sglang.Policy == SglangPolicy.DfsWeight);
        _shares[slot] = new SglangShare
        {
            MaxNewTokens = Math.Max(inbound.OutputLimit, inbound.OutputTokens),
            Path = isShared ? TokenPath.Of(inbound) : null,
        };
        Join(slot);
    }

    /// <inheritdoc />
    protected override void Schedule(ref StepInFlight step, StepRecord? record)
    {
        Meter.QueueLength(_waiting.Count);
        Fold();
        FastSglangStep next = _steps[_nextStep];
        next.Clear();
        var shape = new BatchShape(Limits.AttentionWindow);
        bool hasWork = TryPrefill(next, ref shape, record) || TryDecode(next, ref shape, record);
        TellStep();
        Meter.QueueLength(_waiting.Count);
        _latest = hasWork ? next : null;
        if (hasWork)
        {
            Launch(next, ref step, shape);
            if (record is not null)
            {
                Record(record, next);
            }

            _idleTurns = 0;
            return;
        }

        step.End = step.Start;
        if (InFlight == 0)
        {
            _idleTurns++;
            _ratio.Reset();
            _maySleep = _waiting.Count == 0 || _idleTurns > 1;
        }
    }

    // A prefill batch that is launched becomes part of the running one, all but who is done or not through with its prompt.
    private void Fold()
    {
        _joined.Clear();
        if (_chunked >= 0)
        {
            Cache(_chunked);
        }

        if (_latest is not { Prefills.Count: > 0 } latest)
        {
            return;
        }

        int before = _running.Count;
        bool shrinks = false;
        if (latest.Decodes)
        {
            // A mixed batch is the running one from now on, with a flag of its own.
            FilterDone();
            before = 0;
        }

        foreach (int slot in latest.Prefills)
        {
            if (slot == latest.Open)
            {
                shrinks = true;
            }
            else if (_pool[slot].State == RequestState.Finished)
            {
                shrinks = true;
                _pool.Return(slot);
            }
            else
            {
                _joined.Add(slot);
            }
        }

        _isFull &= !shrinks && !latest.Decodes && (before > 0 || _joined.Count == 0);
        for (int i = latest.Decodes ? _joined.Count - 1 : 0; i >= 0 && i < _joined.Count; i += latest.Decodes ? -1 : 1)
        {
            JoinRunning(_joined[i], latest.Decodes);
        }
    }

    private void JoinRunning(int slot, bool isMixed)
    {
        ref Request request = ref _pool[slot];
        ref SglangShare share = ref _shares[slot];
        if (isMixed)
        {
            _running.AddFirst(slot);
            request.AdmissionOrder = --_firstPlace;
        }
        else
        {
            _running.AddLast(slot);
            request.AdmissionOrder = _lastPlace++;
        }

        share.JoinCall = _decodes.Call;
        share.JoinTurn = Call;
        int left = request.OutputTokens - request.Emitted - (_overlaps ? 1 : 0);
        if (left == 0)
        {
            _decodes.JoinLast(slot, _decodes.Call, share.Filled);
            _lastTokens++;
        }
        else
        {
            _decodes.Join(slot, _decodes.Call, share.Filled, left);
            if (!isMixed)
            {
                _late.Add(slot);
            }
        }

        Reserve(slot, 1);
    }

    // Before decode call u a running request has max_new_tokens − output_tokens + finish call + 1 − u to go, if nothing is in flight.
    private void Reserve(int slot, int sign)
    {
        ref Request request = ref _pool[slot];
        int limit = _shares[slot].MaxNewTokens;
        _reserved += sign * (limit - request.OutputTokens + request.FinishCall + 1);
        _long += limit > SglangLimits.ClipMaxNewTokens ? sign : 0;
    }

    private void Join(int slot)
    {
        _shares[slot].QueueEntry = _queueEntries++;
        _pool[slot].State = RequestState.Waiting;
        _waiting.AddLast(slot);
    }

    // Those that have finished leave the running batch.
    private void FilterDone()
    {
        foreach (int slot in _done)
        {
            _running.Remove(slot);
            _decodes.LeaveLast(slot);
            Reserve(slot, -1);
            _pool.Return(slot);
        }

        _done.Clear();
        _rode = 0;
    }

    // Whether a token of a running request is in flight.
    private bool IsInFlight(int slot) => _overlaps && _latest is not null
        && (_latest.Decodes ? _pool[slot].State != RequestState.Finished : _shares[slot].JoinTurn == Call);

    // Output tokens of a running request that are known.
    private int Known(int slot)
    {
        ref Request request = ref _pool[slot];
        return request.State == RequestState.Finished
            ? request.OutputTokens
            : request.OutputTokens - (int)(request.FinishCall - _decodes.Call + 1) - (IsInFlight(slot) ? 1 : 0);
    }
}
