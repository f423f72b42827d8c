using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Serving.Sglang;

/// <summary>
/// SGLang's scheduler in its own words: every request is walked in every step. Slow and simple, the reference that the fast one is
/// compared with. After <c>python/sglang/srt/managers/{scheduler,schedule_batch,schedule_policy}.py</c> of 0.5.5 and 0.5.6.
/// </summary>
internal sealed partial class PlainSglangEngine : Engine
{
    private readonly SglangLimits _sglang;
    private readonly int _page;
    private readonly RadixTree? _tree;
    private readonly Queue<PlainSglangStep> _inFlight = new();
    private List<PlainSglangRequest> _waiting = [];
    private PlainSglangBatch _running = new();
    private PlainSglangBatch? _latest;
    private PlainSglangRequest? _chunked;
    private NewTokenRatio _ratio;
    private PlainSglangStep? _untold;
    private EngineClock _lastDecodeEnd;
    private long _queueEntries;
    private int _free;
    private int _unfinished;
    private int _idleTurns;
    private bool _maySleep;

    /// <summary>Creates an idle engine.</summary>
    public PlainSglangEngine(EngineLimits limits, StepCostModel cost, ServingMeter meter, EventHub events)
        : base(limits, cost, meter, events)
    {
        _sglang = limits.Sglang!;
        _page = limits.BlockSize;
        _tree = limits.EnablePrefixCaching ? new RadixTree(_page) : null;
        _ratio = new NewTokenRatio(_sglang.ScheduleConservativeness);
        _free = limits.UsableBlocks * _page;
    }

    /// <inheritdoc />
    public override int Requests => _unfinished;

    /// <inheritdoc />
    protected override int Waiting => _waiting.Count;

    /// <inheritdoc />
    public override int UsedBlocks => Limits.UsableBlocks - (Available / _page);

    /// <summary>Tokens of memory that are free or can be made so.</summary>
    public int Available => _free + (_tree?.Evictable ?? 0);

    /// <summary>The running batch, requests that have finished but not left it included.</summary>
    public IReadOnlyList<PlainSglangRequest> Running => _running.Requests;

    // The loop turns idly once or twice before it waits for an arrival, and each such turn has its effect.
    /// <inheritdoc />
    protected override bool HasWork => !_maySleep;

    /// <inheritdoc />
    protected override void Enqueue(in InboundRequest inbound)
    {
        _maySleep = false;
        _unfinished++;
        Join(new PlainSglangRequest(inbound, TokenPath.Of(inbound)) { Urgency = _sglang.Urgency(inbound.Class) });
    }

    /// <inheritdoc />
    protected override void Schedule(ref StepInFlight step, StepRecord? record)
    {
        Meter.QueueLength(_waiting.Count);
        Fold();
        _latest = TryPrefill(record) ?? TryDecode(record);
        TellStep();
        Meter.QueueLength(_waiting.Count);
        if (_latest is null)
        {
            step.End = step.Start;
            if (InFlight == 0)
            {
                _idleTurns++;
                _ratio.Reset();
                _maySleep = _waiting.Count == 0 || _idleTurns > 1;
            }

            return;
        }

        Launch(_latest, ref step);
        if (record is not null)
        {
            Record(record, _inFlight.Last());
        }

        _idleTurns = 0;
    }

    /// <summary>A waiting request that is about to be taken keeps what it shares with others.</summary>
    public void Hold(PlainSglangRequest request)
    {
        _tree?.Lock(request.Node!);
        request.Shared = request.Prefix;
    }

    /// <summary>It is not taken after all.</summary>
    public void LetGo(PlainSglangRequest request) => _tree?.Unlock(request.Node!);

    // A prefill batch that is launched becomes part of the running one, all but who is done or not through with its prompt.
    private void Fold()
    {
        if (_chunked is not null)
        {
            Cache(_chunked);
        }

        if (_latest is not { IsPrefill: true } latest)
        {
            return;
        }

        if (latest.Requests.RemoveAll(r => r.IsFinished || r == _chunked || r == latest.Chunked) > 0)
        {
            _running.IsFull = false;
        }

        if (_running.Requests.Count == 0 && latest.Requests.Count > 0)
        {
            _running = latest;
        }
        else
        {
            _running.Requests.AddRange(latest.Requests);
        }
    }

    private void Join(PlainSglangRequest request)
    {
        request.QueueEntry = _queueEntries++;
        _waiting.Add(request);
    }

    // A request that runs loses its place and memory; what is in flight of it is dropped.
    private void ThrowOut(PlainSglangRequest request, int requestsLeft, StepRecord? record)
    {
        _free += Pages(request.Computed) - request.Shared;
        Unlock(request);
        EvictFor(NewTokenRatio.TokensAhead(requestsLeft));
        request.Computed = request.Filled = request.Shared = request.Prefix = request.Extend = 0;
        request.Pending = request.OpenChunks = 0;
        request.IsThrownOut = true;
        request.Preemptions++;
        request.WaitingSinceNs = Now.Nanoseconds;
        Meter.Preempted(Now.Nanoseconds);
        record?.AddPreempted(request.Inbound.Id);
    }

    // What is computed of its prompt is there for others, and what others had computed of it already is given back.
    private void Cache(PlainSglangRequest request)
    {
        request.Prefix = request.Filled;
        if (_tree is not null)
        {
            int there = _tree.Insert(request.Path, request.Filled, out _);
            _free += Math.Max(0, there - request.Shared);
            request.Shared = _tree.Match(request.Path, request.Filled, out RadixNode node);
            Unlock(request);
            _tree.Lock(node);
            request.Node = node;
        }
    }

    private void Unlock(PlainSglangRequest request)
    {
        if (request.Node is not null)
        {
            _tree!.Unlock(request.Node);
            request.Node = null;
        }
    }

    private void EvictFor(int tokens)
    {
        if (_tree is not null && _free < tokens)
        {
            _free += _tree.Evict(tokens);
        }
    }

    // Tokens that so many take up, in whole pages.
    private int Pages(int tokens) => (tokens + _page - 1) / _page * _page;
}
