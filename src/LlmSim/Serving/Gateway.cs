using LlmSim.Serving.Events;
using LlmSim.Serving.Routing;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// The deployment's front door: takes requests from the source as they arrive, refuses those that can never run and routes the
/// others to replicas, whose tokenisers serve them in turn.
/// </summary>
/// <remarks>
/// Arrivals do not depend on what engines do, so they are handed over in blocks with their ready times ahead; the arrival of the
/// first one not handed over is the horizon up to which engines can act alone. With observers, and with a router that looks at the
/// replicas, the gateway acts at each arrival. With a limit on clients or with conversations an arrival may depend on an answer:
/// engines report each answer in order of time, and one that makes an earlier arrival known stops there for the gateway's turn.
/// </remarks>
internal sealed class Gateway : Actor, ICompletionListener
{
    private const int BlockSize = 256;
    private const int LargestBlock = 4096;

    private readonly Kernel _kernel;
    private readonly ArrivalQueue _arrivals;
    private readonly Router _router;
    private readonly Replica[] _replicas;
    private readonly int _maxModelLen;
    private readonly int _longestPrompt;
    private readonly ServingMeter _meter;
    private readonly bool _watchesTime;
    private readonly EventHub _events;
    private readonly int _blockSize;
    private readonly PriorityQueue<long, (long ReadyNs, long Id)> _tokenizing = new();
    private long _nextId;
    private long _closesNs;

    /// <summary>Creates a gateway in front of replicas.</summary>
    /// <param name="kernel">Wakes the engines.</param>
    /// <param name="arrivals">The requests.</param>
    /// <param name="router">Chooses the replica.</param>
    /// <param name="replicas">The replicas, at least one.</param>
    /// <param name="limits">What the engines accept.</param>
    /// <param name="meter">Who counts.</param>
    /// <param name="events">Who observes.</param>
    public Gateway(
        Kernel kernel, ArrivalQueue arrivals, Router router, Replica[] replicas, EngineLimits limits, ServingMeter meter, EventHub events)
    {
        _kernel = kernel;
        _arrivals = arrivals;
        _router = router;
        _replicas = replicas;
        _maxModelLen = limits.MaxModelLen;
        _longestPrompt = limits.LongestPrompt;
        _meter = meter;
        _watchesTime = meter.WatchesTime;
        _events = events;

        // Answers that wait to be streamed are told ahead: another one, told later, may yet be there before.
        bool mayChange = arrivals.HasSessions || (arrivals.DependsOnAnswers && replicas[0].Engine.HasOutputQueue);
        bool actsAtEach = !events.IsSilent || _watchesTime || router.Sight != RouterSight.Nothing || mayChange;
        _blockSize = actsAtEach ? 1 : Math.Min(BlockSize * replicas.Length, LargestBlock);
        foreach (Replica replica in replicas)
        {
            replica.Engine.Feeder = this;
            replica.Engine.MaySleepThroughRuns = router.Sight == RouterSight.Outstanding && !arrivals.DependsOnAnswers && !_watchesTime;
            replica.Engine.Completions = arrivals.DependsOnAnswers ? this : null;
        }
    }

    /// <summary>Requests that have arrived so far. May be read from another thread, for progress.</summary>
    public long Arrived => Volatile.Read(ref _nextId);

    /// <summary>Reads the first request.</summary>
    /// <returns>When the gateway acts first; never for an empty source.</returns>
    public SimTime Open()
    {
        _arrivals.Open();
        return _arrivals.NextArrival;
    }

    /// <inheritdoc />
    public bool Completed(long id, SimTime finish, bool isAnswered)
    {
        if (!_arrivals.Completed(id, finish, isAnswered))
        {
            return false;
        }

        _closesNs = Math.Max(_closesNs, finish.Nanoseconds);
        CloseWhenDone();
        _kernel.WakeBy(this, _arrivals.NextArrival);
        return true;
    }

    /// <inheritdoc />
    public override SimTime Wake(SimTime now, SimTime horizon)
    {
        // All others wake later, so what they have to tell is later too.
        _meter.Passed(now.Nanoseconds);
        TellTokenized(now);
        for (int i = 0; i < _blockSize && _arrivals.NextArrival is var next && next != SimTime.Never && (_blockSize > 1 || next <= now); i++)
        {
            Accept();
        }

        CloseWhenDone();
        SimTime tokenized = _tokenizing.TryPeek(out _, out (long ReadyNs, long) first) ? new SimTime(first.ReadyNs) : SimTime.Never;
        return tokenized <= _arrivals.NextArrival ? tokenized : _arrivals.NextArrival;
    }

    // An engine that waits for a full batch must learn that none will fill it any more.
    private void CloseWhenDone()
    {
        if (!_arrivals.IsOver)
        {
            return;
        }

        foreach (Replica replica in _replicas)
        {
            replica.Engine.Inbox.Close(_closesNs);
            _kernel.WakeBy(replica.Engine, new SimTime(replica.Engine.Inbox.ClosesNs));
        }
    }

    private void TellTokenized(SimTime now)
    {
        while (_tokenizing.TryPeek(out long id, out (long ReadyNs, long) first) && first.ReadyNs <= now.Nanoseconds)
        {
            _tokenizing.Dequeue();
            _events.Handle(new RequestTokenized(id, now));
        }
    }

    private void Accept()
    {
        long id = _nextId;
        Volatile.Write(ref _nextId, id + 1);
        ArrivingRequest request = _arrivals.Take(id);
        int room = _maxModelLen - request.InputTokens;
        _closesNs = Math.Max(_closesNs, request.Arrival.Nanoseconds);
        _meter.Arrived(request);
        if (!_events.IsSilent)
        {
            _events.Handle(new RequestArrived(id, request.Arrival, request.InputTokens, request.OutputTokens));
        }

        if (request.InputTokens > _longestPrompt)
        {
            Reject(id, request);
            return;
        }

        Replica replica = _replicas[_router.Choose(_replicas)];
        long arrivalNs = request.Arrival.Nanoseconds;
        long readyNs = replica.FrontEnd.Serve(arrivalNs, request.InputTokens);
        if (_watchesTime)
        {
            _meter.Queued(arrivalNs, readyNs);
        }

        replica.Engine.Inbox.Push(
            new InboundRequest(id, arrivalNs, readyNs, request.InputTokens, Math.Min(request.OutputTokens, room), request.Class,
            request.Content, Math.Min(request.OutputLimit, room)));
        _kernel.WakeBy(replica.Engine, new SimTime(readyNs));
        if (!_events.IsSilent)
        {
            _tokenizing.Enqueue(id, (readyNs, id));
        }
    }

    private void Reject(long id, in ArrivingRequest request)
    {
        _meter.Rejected(request);
        _events.Handle(new RequestRejected(
            id, request.Arrival, $"prompt of {request.InputTokens} tokens; at most {_longestPrompt} fit "
                + (_longestPrompt == _maxModelLen - 1 ? "max_model_len" : "max_num_batched_tokens without chunked prefill")));
    }
}
