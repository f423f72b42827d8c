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
    private const int FirstCapacity = 1024;

    private readonly Queue<long> _freeAt;
    private readonly long _thinkNs;
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
        _freeAt = new Queue<long>(Math.Min(clients, FirstCapacity));
    }

    /// <summary>No request is sent later.</summary>
    public SimTime LastSend { get; }

    /// <summary>Whether it is known when a client is free for the next request.</summary>
    public bool HasClient => _unused > 0 || _freeAt.Count > 0;

    /// <summary>When the first client is free. There must be one.</summary>
    public SimTime FirstFree => _unused > 0 ? SimTime.Zero : new SimTime(_freeAt.Peek());

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
            _freeAt.Dequeue();
        }
    }

    /// <summary>A client has its answer. Times never go back, so the queue stays in order.</summary>
    public void Answer(SimTime finish) => _freeAt.Enqueue(finish.Nanoseconds + _thinkNs);
}
