using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// What arrives next: the source's requests, put off until a client is free for them, and among them the turns of conversations
/// that have begun. Ties go to the source, then to the turn whose last request arrived first.
/// </summary>
internal sealed class ArrivalQueue
{
    private readonly RequestSource _source;
    private readonly ClientLimit? _clients;
    private readonly int _longestPrompt;
    private readonly Dictionary<long, Session>? _waiting; // conversations with another turn that wait for an answer, by request
    private readonly PriorityQueue<ArrivingRequest, (long DueNs, long LastId)> _turns = new();
    private ArrivingRequest _next;
    private bool _hasNext;
    private bool _isBlocked; // no client is free for the source's next request, nor is it known when one will be
    private long _dueNs; // when the source's next request would be sent if a client were free

    /// <summary>Creates a queue. <see cref="Open"/> comes first.</summary>
    /// <param name="source">The requests.</param>
    /// <param name="clients">Who sends; null for no limit. A conversation is one client's.</param>
    /// <param name="longestPrompt">Longest prompt that is accepted, in tokens: a conversation ends when its next one is longer.</param>
    public ArrivalQueue(RequestSource source, ClientLimit? clients, int longestPrompt)
    {
        _source = source;
        _clients = clients;
        _longestPrompt = longestPrompt;
        _waiting = source.HasSessions ? [] : null;
    }

    /// <summary>Whether answers must be told, for arrivals depend on them.</summary>
    public bool DependsOnAnswers => _clients is not null || HasSessions;

    /// <summary>Whether an answer may cause an arrival before those known.</summary>
    public bool HasSessions => _waiting is not null;

    /// <summary>Whether nothing can arrive any more, whatever is answered.</summary>
    public bool IsOver => !_hasNext && _turns.Count == 0 && _waiting is null or { Count: 0 };

    /// <summary>When the next request arrives; never while that is not known.</summary>
    public SimTime NextArrival => IsTurnNext ? new SimTime(FirstTurnNs) : CanSend ? _next.Arrival : SimTime.Never;

    private bool CanSend => _hasNext && !_isBlocked;

    private long FirstTurnNs => _turns.TryPeek(out _, out (long DueNs, long) first) ? first.DueNs : long.MaxValue;

    private bool IsTurnNext => _turns.Count > 0 && !(CanSend && _next.Arrival.Nanoseconds <= FirstTurnNs);

    /// <summary>Reads the first request.</summary>
    public void Open() => Pull();

    /// <summary>Takes the next request. <see cref="NextArrival"/> must be known.</summary>
    /// <param name="id">Its number.</param>
    public ArrivingRequest Take(long id)
    {
        bool isTurn = IsTurnNext;
        ArrivingRequest request = isTurn ? _turns.Dequeue() : _next;
        bool fits = request.InputTokens <= _longestPrompt;
        if (fits && request.Session is { } session && session.Advance(_longestPrompt + 1))
        {
            _waiting!.Add(id, session);
        }

        if (!isTurn)
        {
            if (fits)
            {
                _clients?.Take(); // Who is refused is free at once.
            }

            Pull();
        }

        return request;
    }

    /// <summary>A request emitted its last token, or was refused, which ends its conversation. Calls come in order of time.</summary>
    /// <returns>Whether something is known now that was not: an earlier arrival, or that none will come.</returns>
    public bool Completed(long id, SimTime finish, bool isAnswered)
    {
        if (_waiting is not null && _waiting.Remove(id, out Session? session) && isAnswered
            && session.TryAnswer(finish, out ArrivingRequest turn))
        {
            SimTime before = NextArrival;
            _turns.Enqueue(turn, (turn.Arrival.Nanoseconds, id));
            return NextArrival < before;
        }

        bool wasBlocked = _isBlocked;
        SimTime earliest = NextArrival;
        if (_clients is not null)
        {
            _clients.Answer(finish);
            AssignClient(_clients);
        }

        return wasBlocked || NextArrival < earliest || (HasSessions && IsOver);
    }

    private void Pull()
    {
        _hasNext = _source.TryNext(out _next);
        if (_hasNext && _next.Arrival.Nanoseconds < _dueNs)
        {
            throw WentBack();
        }

        _dueNs = _next.Arrival.Nanoseconds;
        if (_clients is not null)
        {
            AssignClient(_clients);
        }
    }

    private InvalidOperationException WentBack() => new($"The request source went back in time: {_next.Arrival}.");

    /// <summary>Puts the next request off until a client is free to send it.</summary>
    private void AssignClient(ClientLimit clients)
    {
        _isBlocked = _hasNext && !clients.HasClient;
        if (CanSend)
        {
            _next = _next with { Arrival = new SimTime(Math.Max(clients.FirstFree.Nanoseconds, _dueNs)) };
            _hasNext = _next.Arrival <= clients.LastSend;
        }
    }
}
