using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs.Engines;

namespace LlmSim.Serving;

/// <summary>
/// The engine people run: vLLM V1's scheduler (<c>vllm/v1/core/sched/scheduler.py</c>) in work per step
/// that does not grow with the batch. <see cref="PlainEngine"/> is the same in the engine's own words.
/// </summary>
/// <remarks>
/// What makes it exact: a running request never goes without tokens for lack of budget, since demands only fall once it is
/// admitted; so all decoding requests advance together. A shortage of blocks throws out requests from the tail until what the
/// others need fits, which is the set that a walk in running order throws out. Under a scheduling policy such a call walks the list.
/// </remarks>
internal sealed partial class FastEngine : Engine
{
    private readonly RequestPool _pool = new();
    private readonly AdmissionOrder? _order;
    private readonly FairQueue? _fair;
    private readonly BlockPool _blocks;
    private readonly PrefixCache? _cache;
    private readonly bool _isPipelined;
    private readonly int _chunkMask; // cuts off what is no whole unit, a power of two
    private readonly Cohorts _cohorts;
    private readonly List<int> _prefills = [];
    private readonly List<int> _completing = [];
    private readonly List<int> _finishing = [];
    private readonly List<int> _skipped = [];

    // The decoding requests that the next call schedules: all that are not in flight.
    private DecodeBatch _decodes;
    private WaitingQueue _waiting;
    private RequestList _running;
    private long _admissions;

    /// <summary>Creates an idle engine.</summary>
    public FastEngine(EngineLimits limits, StepCostModel cost, ServingMeter meter, EventHub events)
        : base(limits, cost, meter, events)
    {
        _order = limits.Order;
        _hasLate = _order is not null || limits.SwapBlocks > 0;
        _hasBoundaries = meter.NextBoundary(0) != long.MaxValue;
        _blocks = new BlockPool(limits.UsableBlocks, limits.BlockSize, limits.EnablePrefixCaching ? new CachedBlocks() : null);
        _cache = limits.EnablePrefixCaching ? new PrefixCache(_blocks, limits.BlockSize) : null;
        _isPipelined = limits.PipelineStages > 1;
        _chunkMask = -limits.ChunkUnit;
        _cohorts = new Cohorts(_pool, limits, cost.UsesSpread);
        _decodes = _cohorts.Ready;
        _fair = limits.Shares is null ? null : new FairQueue(_pool, limits.Shares);
        _waiting = new WaitingQueue(_pool, isOrdered: _order is not null, _fair);
        _running = new RequestList(_pool);
    }

    /// <inheritdoc />
    public override int Requests => _running.Count + _waiting.Count;

    /// <inheritdoc />
    protected override int Waiting => _waiting.Count;

    /// <inheritdoc />
    protected override bool HasWork => _running.Count + _waiting.Count > 0;

    /// <inheritdoc />
    public override int UsedBlocks => _blocks.Used;

    /// <inheritdoc />
    protected override void Enqueue(in InboundRequest inbound)
    {
        int slot = _pool.Rent();
        _pool[slot] = new Request
        {
            Id = inbound.Id,
            ArrivalNs = inbound.ArrivalNs,
            ReadyNs = inbound.ReadyNs,
            WaitingSinceNs = inbound.ReadyNs,
            InputTokens = inbound.InputTokens,
            OutputTokens = inbound.OutputTokens,
            LongestTokens = inbound.LongestTokens,
            Key = _order is null ? 0 : _order.Key(inbound.AsWaiting),
            Class = inbound.Class,
        };
        if (_cache is not null && inbound.Content is { } content)
        {
            Enter(slot, content);
        }

        _waiting.Add(slot);
        Watch(inbound, slot);
    }

    /// <inheritdoc />
    protected override void Schedule(ref StepInFlight step, StepRecord? record)
    {
        Meter.QueueLength(_waiting.Count);
        _completing.Clear();
        var shape = new BatchShape(Limits.AttentionWindow);
        if (_hasLate)
        {
            RejoinLate(ref shape);
        }

        int budget = Limits.MaxNumBatchedTokens - _decodes.Count;
        int needed = _decodes.NewBlocks(_decodes.Call) + PlanPrefills(budget);
        bool preempted = needed > _blocks.Free;
        if (preempted && _order is not null)
        {
            WalkRunning(ref shape, record);
        }
        else
        {
            while (needed > _blocks.Free)
            {
                needed -= Preempt(_running.Last, ref shape, record);
            }

            if (preempted && Limits.DecodesFirst)
            {
                PlanPrefills(Limits.MaxNumBatchedTokens - _decodes.Count); // What was thrown out leaves them its tokens.
            }

            _blocks.Take(needed);
            if (_decodes.Count > 0)
            {
                shape.AddDecode(_decodes.Count, _decodes.Context(_decodes.Call), _decodes.Squares(_decodes.Call));
                _fair?.Charge(_decodes, 1);
            }
        }

        AdvancePrefills(ref shape);
        if (!preempted)
        {
            Admit(ref shape, record);
        }

        StepTimes times = Execute(ref step, shape, _decodes.LastOut);
        Meter.QueueLength(_waiting.Count);
        if (shape.Tokens > 0)
        {
            if (_hasLate)
            {
                TellLate(ref shape, step.Out.Nanoseconds);
            }

            Meter.Step(in step.End, shape, times, _running.Count, _blocks.Used);
            _decodes.LastOut = step.Out;
        }

        if (record is not null)
        {
            Record(record);
        }

        EndStep(ref step);
        _decodes.Call++;
        if (_isPipelined && shape.Tokens > 0)
        {
            _decodes = _cohorts.Launch(ref step);
        }
    }

    /// <inheritdoc />
    protected override void Apply(in StepInFlight step)
    {
        for (int slot = step.FirstFinisher; slot >= 0;)
        {
            ref Request request = ref _pool[slot];
            int next = request.RingNext;
            if (request.State == RequestState.Aborted)
            {
                _pool.Return(slot);
                slot = next;
                continue;
            }

            if (request.State == RequestState.FinishingPreempted)
            {
                _waiting.Remove(slot);
                Meter.LeftQueue(step.End.Nanoseconds);
            }
            else
            {
                _running.Remove(slot);
                GiveBack(slot, TokensToHold(request, request.FinalContext), request.FinalContext, comesBack: false);
            }

            if (request.IsCached)
            {
                Leave(slot);
            }

            Finished(new RequestRecord(
                request.Id,
                new SimTime(request.ArrivalNs),
                new SimTime(request.ReadyNs),
                new SimTime(request.FirstScheduledNs),
                new SimTime(request.FirstTokenNs),
                new SimTime(step.Out.Nanoseconds),
                request.InputTokens,
                request.OutputTokens,
                request.Preemptions,
                request.Class));
            _pool.Return(slot);
            slot = next;
        }

        if (_isPipelined)
        {
            _decodes = _cohorts.Return(step);
        }
    }

    // Running prompts: how many tokens each gets and how many blocks that takes. In running order; only the last can be cut short.
    private int PlanPrefills(int budget)
    {
        int needed = 0;
        foreach (int slot in _prefills)
        {
            ref Request request = ref _pool[slot];
            request.Chunk = Fit(Chunk(request.KnownTokens - request.Computed), budget);
            request.ChunkBlocks = ChunkBlocks(request, request.Chunk);
            budget -= request.Chunk;
            needed += request.ChunkBlocks;
        }

        return needed;
    }

    // Blocks that a prompt which is half done needs for so many more tokens.
    private int ChunkBlocks(in Request request, int tokens) => Limits.Reservation == KvReservation.OnDemand
        ? _blocks.BlocksFor(request.Computed + tokens) - _blocks.BlocksFor(request.Computed)
        : 0;

    // Tokens that a prompt holds blocks for, or a request that decodes, when so many are computed.
    private int TokensToHold(in Request request, int computed) => Limits.Reservation switch
    {
        KvReservation.OnDemand => computed,
        KvReservation.Prompt => request.State == RequestState.Prefilling ? request.KnownTokens : computed,
        _ => request.LongestTokens,
    };

    private void AdvancePrefills(ref BatchShape shape)
    {
        int kept = 0;
        for (int i = 0; i < _prefills.Count; i++)
        {
            if (_pool[_prefills[i]].Chunk == 0 || !Advance(_prefills[i], ref shape))
            {
                _prefills[kept++] = _prefills[i];
            }
        }

        _prefills.RemoveRange(kept, _prefills.Count - kept);
    }

    // Computes a request's chunk; true when that was the last one.
    private bool Advance(int slot, ref BatchShape shape)
    {
        ref Request request = ref _pool[slot];
        bool ends = request.Computed + request.Chunk == request.KnownTokens;
        shape.AddPrefill(request.Chunk, request.Computed, ends);
        request.Computed += request.Chunk;
        if (request.IsCached)
        {
            Register(slot, request.Computed);
        }

        if (ends)
        {
            _fair?.ChargeOutput(request);
            _completing.Add(slot);
        }

        return ends;
    }

    // So many tokens, or what the budget has of them in whole units.
    private int Fit(int tokens, int budget) => tokens <= budget ? tokens : budget & _chunkMask;

    private int Chunk(int tokens) =>
        Limits.LongPrefillTokenThreshold > 0 ? Math.Min(tokens, Limits.LongPrefillTokenThreshold) : tokens;

    // The step's end is known: its last tokens, and the first tokens of the prompts that it completes.
    private void EndStep(ref StepInFlight step)
    {
        long endNs = step.Out.Nanoseconds;
        _finishing.Clear();
        if (_decodes.Count > 0)
        {
            _decodes.TakeFinishers(_decodes.Call, _finishing);
        }

        foreach (int slot in _completing)
        {
            ref Request request = ref _pool[slot];
            if (request.Emitted == 0)
            {
                request.FirstTokenNs = endNs;
                Meter.FirstToken(endNs - request.ArrivalNs, endNs - request.FirstScheduledNs);
            }
            else
            {
                Meter.ResumedToken(endNs - request.LastTokenNs);
            }

            request.Emitted++;
            request.Cohort = _cohorts.ReadyIndex;
            int left = request.OutputTokens - request.Emitted;
            if (left == 0)
            {
                _finishing.Add(slot);
            }
            else
            {
                _decodes.Join(slot, _decodes.Call + 1, request.Computed, left);
            }
        }

        if (_finishing.Count > 0)
        {
            Finish(ref step);
        }
    }

    private void Finish(ref StepInFlight step)
    {
        SortByAdmission(_finishing);
        int next = -1;
        for (int i = _finishing.Count - 1; i >= 0; i--)
        {
            ref Request request = ref _pool[_finishing[i]];
            request.State = RequestState.Finishing;
            request.LastTokenNs = step.Out.Nanoseconds;
            request.RingNext = next;
            next = _finishing[i];
        }

        step.FirstFinisher = next;
    }

    // Insertion sort: nearly always one request, or several already in order.
    private void SortByAdmission(List<int> slots)
    {
        for (int i = 1; i < slots.Count; i++)
        {
            int slot = slots[i];
            long order = _pool[slot].AdmissionOrder;
            int j = i;
            for (; j > 0 && _pool[slots[j - 1]].AdmissionOrder > order; j--)
            {
                slots[j] = slots[j - 1];
            }

            slots[j] = slot;
        }
    }
}
