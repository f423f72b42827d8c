using LlmSim.Serving.Events;

namespace LlmSim.Serving;

/// <content>
/// Clients that give up. As in vLLM (<c>EngineCore.abort_requests</c>, <c>Scheduler.finish_requests</c>) the engine learns of it when it
/// takes in messages, before it schedules: the request leaves queue or seat and its blocks are free at once; what is in flight of it comes
/// out to nobody.
/// </content>
internal abstract partial class Engine
{
    private readonly List<(long Id, long Call)> _abortedInFlight = [];
    private TimeoutQueue? _timeouts;
    private Func<TimeoutQueue.Entry, RequestProgress>? _progressOf;

    /// <summary>When a client gives up next, in nanoseconds; <see cref="long.MaxValue"/> for never.</summary>
    protected long NextTimeoutNs => _timeouts is null ? long.MaxValue : _timeouts.NextNs(_progressOf!);

    /// <summary>A request has joined the queue: from now on its client may give up.</summary>
    /// <param name="request">The request.</param>
    /// <param name="slot">Where the engine keeps it.</param>
    protected void Watch(in InboundRequest request, int slot)
    {
        if (_timeouts is not null)
        {
            _timeouts.Prune(Requests, _progressOf!);
            _timeouts.Add(request, slot);
        }
    }

    /// <summary>What is known of a request that is being watched.</summary>
    protected virtual RequestProgress ProgressOf(long id, int slot) => default;

    /// <summary>Drops a request that the engine has.</summary>
    /// <returns>What was done for it in vain.</returns>
    protected virtual AbortRecord Abort(long id, int slot) => throw new NotSupportedException("This engine drops no requests.");

    private void StartTimeouts(ClientPatience patience)
    {
        _timeouts = new TimeoutQueue(patience);
        _progressOf = entry => ProgressOf(entry.Id, entry.Slot);
    }

    // Arrivals and clients that give up, in order of time.
    private void TakeMessages()
    {
        while (true)
        {
            long ready = Inbox.NextReadyNs;
            long timeout = NextTimeoutNs;
            if (Math.Min(ready, timeout) > Now.Nanoseconds)
            {
                return;
            }

            if (ready <= timeout)
            {
                Accept(Inbox.Pop());
            }
            else
            {
                TimeoutQueue.Entry entry = _timeouts!.Take();
                Aborted(Abort(entry.Id, entry.Slot));
            }
        }
    }

    private void Aborted(in AbortRecord record)
    {
        Meter.Aborted(record);
        Left(record.Id, record.Time, isAnswered: false);
        if (IsObserved)
        {
            _abortedInFlight.Add((record.Id, Call));
            Events.Handle(new RequestAborted(record.Id, record.Time, record.OutputTokens));
        }
    }

    // Its client gave up before the last token, or the first, but the engine has not looked since.
    private bool IsTooLate(in RequestRecord record)
    {
        (long first, long answer) = Limits.Patience!.Of(record.Arrival.Nanoseconds, record.Class);
        return record.FirstToken.Nanoseconds > first || record.Finish.Nanoseconds > answer;
    }

    private void DropTokens(StepRecord record)
    {
        if (_abortedInFlight.Count > 0)
        {
            record.DropTokens([.. _abortedInFlight.Select(aborted => aborted.Id)]);
            _abortedInFlight.RemoveAll(aborted => aborted.Call <= Oldest.Call);
        }
    }
}
