namespace LlmSim.Serving;

/// <summary>
/// The waiting requests: a list in order of arrival with the thrown-out ones put back at its head; when a policy orders
/// them, a heap by (<see cref="Request.Key"/>, <see cref="Request.Id"/>); or a list a tenant.
/// </summary>
internal struct WaitingQueue(RequestPool pool, bool isOrdered, FairQueue? fair = null)
{
    private readonly record struct Entry(long Key, long Id, int Slot)
    {
        public bool IsBefore(in Entry other) => Key < other.Key || (Key == other.Key && Id < other.Id);
    }

    private RequestList _list = new(pool);
    private Entry[] _heap = isOrdered ? new Entry[64] : [];

    /// <summary>Number of requests.</summary>
    public int Count { get; private set; }

    /// <summary>The request to admit next. The queue must not be empty.</summary>
    public readonly int First => isOrdered ? _heap[0].Slot : fair is null ? _list.First : fair.First;

    /// <summary>Adds a request that has just arrived.</summary>
    public void Add(int slot)
    {
        if (isOrdered)
        {
            Push(slot);
        }
        else if (fair is not null)
        {
            fair.Add(slot);
        }
        else
        {
            _list.AddLast(slot);
        }

        Count++;
    }

    /// <summary>Adds a request that was in the queue before.</summary>
    public void PutBack(int slot)
    {
        if (isOrdered)
        {
            Push(slot);
        }
        else if (fair is not null)
        {
            fair.PutBack(slot);
        }
        else
        {
            _list.AddFirst(slot);
        }

        Count++;
    }

    /// <summary>Takes a request out: the first at once, another one of a heap by a search.</summary>
    public void Remove(int slot)
    {
        Count--;
        if (fair is not null)
        {
            fair.Remove(slot);
            return;
        }

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

        Entry last = _heap[Count];
        if (hole < Count)
        {
            Place(last, SinkHole(hole, last));
        }
    }

    private void Push(int slot)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * Count);
        }

        ref Request request = ref pool[slot];
        Place(new Entry(request.Key, request.Id, slot), Count);
    }

    // Moves a hole down until the entry could stand there without being worse than what is below.
    private readonly int SinkHole(int hole, in Entry entry)
    {
        for (int child = (2 * hole) + 1; child < Count; child = (2 * hole) + 1)
        {
            child += child + 1 < Count && _heap[child + 1].IsBefore(_heap[child]) ? 1 : 0;
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
    private readonly void Place(in Entry entry, int hole)
    {
        while (hole > 0 && entry.IsBefore(_heap[(hole - 1) / 2]))
        {
            _heap[hole] = _heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }

        _heap[hole] = entry;
    }
}
