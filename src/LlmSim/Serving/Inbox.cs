namespace LlmSim.Serving;

/// <summary>Requests handed to an engine that it has not looked at yet, in order of their ready time: a ring that grows.</summary>
internal sealed class Inbox
{
    private InboundRequest[] _ring = new InboundRequest[512];
    private int _head;
    private int _count;

    /// <summary>Number of requests.</summary>
    public int Count => _count;

    /// <summary>Ready time of the next request, in nanoseconds; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextReadyNs => _count == 0 ? long.MaxValue : _ring[_head].ReadyNs;

    /// <summary>From when on nothing more can come, in nanoseconds; <see cref="long.MaxValue"/> while that is not known.</summary>
    public long ClosesNs { get; private set; } = long.MaxValue;

    /// <summary>Nothing is added after <paramref name="atNs"/>.</summary>
    public void Close(long atNs) => ClosesNs = Math.Max(atNs, _count == 0 ? 0 : _ring[(_head + _count - 1) & (_ring.Length - 1)].ReadyNs);

    /// <summary>Adds a request behind the others.</summary>
    public void Push(in InboundRequest request)
    {
        if (_count == _ring.Length)
        {
            var larger = new InboundRequest[2 * _count];
            for (int i = 0; i < _count; i++)
            {
                larger[i] = _ring[(_head + i) & (_count - 1)];
            }

            (_ring, _head) = (larger, 0);
        }

        _ring[(_head + _count++) & (_ring.Length - 1)] = request;
    }

    /// <summary>Takes the next request. The inbox must not be empty.</summary>
    public ref readonly InboundRequest Pop()
    {
        ref readonly InboundRequest request = ref _ring[_head];
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        return ref request;
    }
}
