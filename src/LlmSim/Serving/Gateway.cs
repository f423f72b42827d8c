using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// The server's front door: takes requests from the source as they arrive, refuses those that can never run, tokenises the
/// others in turn and hands them to the engine.
/// </summary>
/// <remarks>
/// Arrivals do not depend on what the engine does, so they are handed over in blocks with their ready times ahead; the time
/// of the last one handed over is the horizon up to which the engine can act alone. With observers the gateway acts at each
/// arrival and each end of tokenisation, so that events come in order of time.
/// </remarks>
internal sealed class Gateway(
    Kernel kernel, RequestSource source, Tokenizer tokenizer, Engine engine, int maxModelLen, ServingMeter meter, EventHub events)
    : Actor
{
    private const int BlockSize = 256;

    private readonly Queue<InboundRequest> _tokenizing = new();
    private ArrivingRequest _next;
    private bool _hasNext;
    private long _nextId;
    private long _lastArrivalNs;
    private long _closesNs;

    /// <summary>Requests that have arrived so far. May be read from another thread, for progress.</summary>
    public long Arrived => Volatile.Read(ref _nextId);

    /// <summary>Reads the first request.</summary>
    /// <returns>When the gateway acts first; never for an empty source.</returns>
    public SimTime Open()
    {
        Pull();
        return NextArrival;
    }

    private SimTime NextArrival => _hasNext ? _next.Arrival : SimTime.Never;

    /// <inheritdoc />
    public override SimTime Wake(SimTime now, SimTime horizon) => events.IsSilent ? HandOverBlock() : ActNow(now);

    private SimTime HandOverBlock()
    {
        SimTime firstReady = SimTime.Never;
        SimTime lastReady = SimTime.Never;
        for (int i = 0; i < BlockSize && _hasNext; i++)
        {
            if (TryAccept(out InboundRequest request))
            {
                engine.Inbox.Push(request);
                lastReady = new SimTime(request.ReadyNs);
                firstReady = firstReady == SimTime.Never ? lastReady : firstReady;
            }
        }

        kernel.WakeBy(engine, firstReady);
        CloseWhenDone();
        return !_hasNext ? SimTime.Never : lastReady == SimTime.Never ? _next.Arrival : lastReady;
    }

    private SimTime ActNow(SimTime now)
    {
        while (_tokenizing.TryPeek(out InboundRequest tokenized) && tokenized.ReadyNs <= now.Nanoseconds)
        {
            _tokenizing.Dequeue();
            events.Handle(new RequestTokenized(tokenized.Id, now));
            engine.Inbox.Push(tokenized);
            kernel.WakeBy(engine, now);
        }

        while (_hasNext && _next.Arrival <= now)
        {
            if (TryAccept(out InboundRequest request))
            {
                _tokenizing.Enqueue(request);
            }
        }

        CloseWhenDone();
        SimTime ready = _tokenizing.TryPeek(out InboundRequest first) ? new SimTime(first.ReadyNs) : SimTime.Never;
        return ready <= NextArrival ? ready : NextArrival;
    }

    // An engine that waits for a full batch must learn that none will fill it any more.
    private void CloseWhenDone()
    {
        if (!_hasNext && _tokenizing.Count == 0)
        {
            engine.Inbox.Close(_closesNs);
            kernel.WakeBy(engine, new SimTime(_closesNs));
        }
    }

    private bool TryAccept(out InboundRequest accepted)
    {
        ArrivingRequest request = _next;
        long id = _nextId;
        Volatile.Write(ref _nextId, id + 1);
        Pull();
        _closesNs = Math.Max(_closesNs, request.Arrival.Nanoseconds);
        meter.Arrived(request);
        events.Handle(new RequestArrived(id, request.Arrival, request.InputTokens, request.OutputTokens));
        int room = maxModelLen - request.InputTokens;
        if (room <= 0)
        {
            meter.Rejected(request);
            events.Handle(new RequestRejected(
                id, request.Arrival, $"prompt of {request.InputTokens} tokens; at most {maxModelLen - 1} fit max_model_len"));
            accepted = default;
            return false;
        }

        long arrivalNs = request.Arrival.Nanoseconds;
        long readyNs = tokenizer.Serve(arrivalNs, request.InputTokens);
        _closesNs = Math.Max(_closesNs, readyNs);
        accepted = new InboundRequest(id, arrivalNs, readyNs, request.InputTokens, Math.Min(request.OutputTokens, room), request.Class);
        return true;
    }

    private void Pull()
    {
        _hasNext = source.TryNext(out _next);
        if (_hasNext && _next.Arrival.Nanoseconds < _lastArrivalNs)
        {
            throw new InvalidOperationException($"The request source went back in time: {_next.Arrival}.");
        }

        _lastArrivalNs = _next.Arrival.Nanoseconds;
    }
}
