using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// Clients that send one request at a time: a request waits at the client until one of them is free. As
/// <c>vllm bench serve --max-concurrency</c>, with time to think between an answer and the next request.
/// </summary>
internal sealed class ClientLimit
{
    private readonly long _thinkNs;
    private long[] _freeAt = new long[64]; // a ring, sorted
    private int _head;
    private int _count;
    private int _unused;

    /// <summary>So many clients, all free.</summary>
    /// <param name="clients">How many. At least 1.</param>
    /// <param name="thinkNs">Nanoseconds from an answer's last token to the client's next request.</param>
    /// <param name="lastSend">No request is sent later.</param>
    public ClientLimit(int clients, long thinkNs, SimTime lastSend)
    {
        _unused = clients;
        _thinkNs = thinkNs;
        LastSend = lastSend;
    }

    /// <summary>No request is sent later.</summary>
    public SimTime LastSend { get; }

    /// <summary>Whether it is known when a client is free for the next request.</summary>
    public bool HasClient => _unused > 0 || _count > 0;

    /// <summary>When the first client is free. There must be one.</summary>
    public SimTime FirstFree => _unused > 0 ? SimTime.Zero : new SimTime(At(0));

    /// <summary>The clients of a workload; null when it has no limit.</summary>
    public static ClientLimit? Create(WorkloadSpec workload) => workload.MaxConcurrency is not { } clients ? null
        : new ClientLimit(clients, (long)Math.Round(workload.ThinkSeconds * 1e9),
            ArrivalLimit.LastSend(workload.DurationSeconds));

    /// <summary>The first free client sends a request.</summary>
    public void Take()
    {
        if (_unused > 0)
        {
            _unused--;
        }
        else
        {
            _head = (_head + 1) & (_freeAt.Length - 1);
            _count--;
        }
    }

    /// <summary>A client has its answer. Nearly always later than all others before it: answers that wait to be streamed may be told early.</summary>
    public void Answer(SimTime finish)
    {
        if (_count == _freeAt.Length)
        {
            Grow();
        }

        long free = finish.Nanoseconds + _thinkNs;
        int place = _count++;
        for (; place > 0 && At(place - 1) > free; place--)
        {
            At(place) = At(place - 1);
        }

        At(place) = free;
    }

    private ref long At(int place) => ref _freeAt[(_head + place) & (_freeAt.Length - 1)];

    private void Grow()
    {
        var larger = new long[2 * _count];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = At(i);
        }

        (_freeAt, _head) = (larger, 0);
    }
}
