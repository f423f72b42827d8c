namespace LlmSim.Serving;

/// <summary>Slots for the requests in the engine: an array that grows to the most at once, and a free list.</summary>
internal sealed class RequestPool
{
    private Request[] _slots = new Request[64];
    private int _used;
    private int _free = -1;

    /// <summary>A request by its slot. The reference is good until the next <see cref="Rent"/>.</summary>
    public ref Request this[int slot] => ref _slots[slot];

    /// <summary>Takes a slot.</summary>
    public int Rent()
    {
        if (_free >= 0)
        {
            int slot = _free;
            _free = _slots[slot].Next;
            return slot;
        }

        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, 2 * _used);
        }

        return _used++;
    }

    /// <summary>Gives a slot back.</summary>
    public void Return(int slot)
    {
        _slots[slot].Next = _free;
        _slots[slot].Id = -1;
        _free = slot;
    }
}
