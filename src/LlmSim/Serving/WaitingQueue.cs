namespace LlmSim.Serving;

/// <summary>
/// The waiting requests: a list in order of arrival with the thrown-out ones put back at its head, or, when a policy orders
/// them, a heap by (<see cref="Request.Key"/>, <see cref="Request.Id"/>).
/// </summary>
internal sealed class WaitingQueue(RequestPool pool, bool isOrdered)
{
    private readonly record struct Entry(long Key, long Id, int Slot)
    {
        public bool IsBefore(in Entry other) => Key < other.Key || (Key == other.Key && Id < other.Id);
    }

    private RequestList _list = new(pool);
    private Entry[] _heap = isOrdered ? new Entry[64] : [];
    private int _size;

    /// <summary>Number of requests.</summary>
    public int Count => isOrdered ? _size : _list.Count;

    /// <summary>The request to admit next. The queue must not be empty.</summary>
    public int First => isOrdered ? _heap[0].Slot : _list.First;

    /// <summary>Adds a request that has just arrived.</summary>
    public void Add(int slot)
    {
        if (isOrdered)
        {
            Push(slot);
        }
        else
        {
            _list.AddLast(slot);
        }
    }

    /// <summary>Adds a request that was in the queue before.</summary>
    public void PutBack(int slot)
    {
        if (isOrdered)
        {
            Push(slot);
        }
        else
        {
            _list.AddFirst(slot);
        }
    }

    /// <summary>Takes a request out: the first at once, another one of a heap by a search.</summary>
    public void Remove(int slot)
    {
        if (!isOrdered)
        {
            _list.Remove(slot);
            return;
        }

        int hole = 0;
        while (_heap[hole].Slot != slot)
        {
            hole++;
        }

        Entry last = _heap[--_size];
        if (hole < _size)
        {
            Place(last, SinkHole(hole, last));
        }
    }

    private void Push(int slot)
    {
        if (_size == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * _size);
        }

        ref Request request = ref pool[slot];
        Place(new Entry(request.Key, request.Id, slot), _size++);
    }

    // Moves a hole down until the entry could stand there without being worse than what is below.
    private int SinkHole(int hole, in Entry entry)
    {
        for (int child = (2 * hole) + 1; child < _size; child = (2 * hole) + 1)
        {
            child += child + 1 < _size && _heap[child + 1].IsBefore(_heap[child]) ? 1 : 0;
            if (entry.IsBefore(_heap[child]))
            {
                break;
            }

            _heap[hole] = _heap[child];
            hole = child;
        }

        return hole;
    }

    // Fills a hole, or one above it where the entry is better than what stands there.
    private void Place(in Entry entry, int hole)
    {
        while (hole > 0 && entry.IsBefore(_heap[(hole - 1) / 2]))
        {
            _heap[hole] = _heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }

        _heap[hole] = entry;
    }
}
