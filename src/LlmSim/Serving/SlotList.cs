namespace LlmSim.Serving;

/// <summary>Things that come and go, addressed by number: an array that grows to the most at once.</summary>
internal struct SlotList<T>()
    where T : struct
{
    private readonly Stack<int> _unused = new();
    private T[] _all = new T[64];
    private int _used;

    /// <summary>One of them. The reference is good until the next is added.</summary>
    public readonly ref T this[int number] => ref _all[number];

    /// <summary>Adds one.</summary>
    public int Add(in T item)
    {
        if (!_unused.TryPop(out int number))
        {
            number = _used++;
            if (number == _all.Length)
            {
                Array.Resize(ref _all, 2 * number);
            }
        }

        _all[number] = item;
        return number;
    }

    /// <summary>Gives a number back.</summary>
    public readonly void Remove(int number) => _unused.Push(number);
}
