namespace LlmSim.Simulation;

/// <summary>
/// Actors by (next wake-up, order): an indexed binary heap, so that a wake-up can be moved. Get 1st and 2nd: O(1), move: O(log n).
/// Every actor stays in it, sleeping ones at <see cref="SimTime.Never"/>.
/// </summary>
internal sealed class ActorHeap
{
    private Actor[] _heap = new Actor[4];

    /// <summary>Number of actors.</summary>
    public int Count { get; private set; }

    /// <summary>The actor that wakes first. The heap must not be empty.</summary>
    public Actor First => _heap[0];

    /// <summary>The earliest wake-up of any actor but the first; never when there is none.</summary>
    public SimTime SecondWake => Count switch
    {
        1 => SimTime.Never,
        2 => _heap[1].WakesAt,
        _ => _heap[1].WakesAt <= _heap[2].WakesAt ? _heap[1].WakesAt : _heap[2].WakesAt,
    };

    /// <summary>Adds an actor at its <see cref="Actor.WakesAt"/>.</summary>
    public void Add(Actor actor)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * Count);
        }

        SiftUp(actor, Count++);
    }

    /// <summary>Moves an actor to a new wake-up.</summary>
    public void Move(Actor actor, SimTime wakesAt)
    {
        bool earlier = wakesAt < actor.WakesAt;
        actor.WakesAt = wakesAt;
        if (earlier)
        {
            SiftUp(actor, actor.HeapIndex);
        }
        else
        {
            SiftDown(actor, actor.HeapIndex);
        }
    }

    private static bool Before(Actor a, Actor b) =>
        a.WakesAt < b.WakesAt || (a.WakesAt == b.WakesAt && a.Order < b.Order);

    private void SiftUp(Actor actor, int hole)
    {
        while (hole > 0)
        {
            int parent = (hole - 1) / 2;
            if (!Before(actor, _heap[parent]))
            {
                break;
            }

            Put(_heap[parent], hole);
            hole = parent;
        }

        Put(actor, hole);
    }

    private void SiftDown(Actor actor, int hole)
    {
        while (true)
        {
            int child = (2 * hole) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && Before(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!Before(_heap[child], actor))
            {
                break;
            }

            Put(_heap[child], hole);
            hole = child;
        }

        Put(actor, hole);
    }

    private void Put(Actor actor, int index)
    {
        _heap[index] = actor;
        actor.HeapIndex = index;
    }
}
