using System.Numerics;

namespace LlmSim.Serving;

/// <summary>
/// Decoding requests by the call in which they finish: a ring of buckets with a bitmap, lists linked through the requests.
/// Add and remove O(1), next O(size/4096). A request further ahead than the ring is long shares a bucket with nearer ones; then
/// <see cref="NextCall"/> may name a call in which nobody finishes, but never a later one than the next finish.
/// </summary>
internal sealed class FinishRing
{
    private const int MaxSize = 1 << 16;

    private readonly RequestPool _pool;
    private readonly int _mask;
    private readonly int[] _heads;
    private readonly ulong[] _bits;
    private readonly ulong[] _words;

    /// <summary>Creates a ring for outputs of up to <paramref name="longestOutput"/> tokens; longer ones only make it slower.</summary>
    public FinishRing(RequestPool pool, int longestOutput)
    {
        _pool = pool;
        int size = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)longestOutput + 1), 64u, MaxSize);
        _mask = size - 1;
        _heads = new int[size];
        _bits = new ulong[size / 64];
        _words = new ulong[(size / 64 + 63) / 64];
    }

    /// <summary>Number of requests.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a request at its <see cref="Request.FinishCall"/>, behind those already there.</summary>
    public void Add(int slot)
    {
        ref Request request = ref _pool[slot];
        int bucket = (int)request.FinishCall & _mask;
        if (IsEmpty(bucket))
        {
            request.RingPrevious = request.RingNext = slot;
            _heads[bucket] = slot;
            _bits[bucket >> 6] |= 1UL << bucket;
            _words[bucket >> 12] |= 1UL << (bucket >> 6);
        }
        else
        {
            ref Request head = ref _pool[_heads[bucket]];
            request.RingNext = _heads[bucket];
            request.RingPrevious = head.RingPrevious;
            _pool[head.RingPrevious].RingNext = slot;
            head.RingPrevious = slot;
        }

        Count++;
    }

    /// <summary>Takes a request out.</summary>
    public void Remove(int slot)
    {
        ref Request request = ref _pool[slot];
        int bucket = (int)request.FinishCall & _mask;
        if (request.RingNext == slot)
        {
            _bits[bucket >> 6] &= ~(1UL << bucket);
            if (_bits[bucket >> 6] == 0)
            {
                _words[bucket >> 12] &= ~(1UL << (bucket >> 6));
            }
        }
        else
        {
            _pool[request.RingPrevious].RingNext = request.RingNext;
            _pool[request.RingNext].RingPrevious = request.RingPrevious;
            if (_heads[bucket] == slot)
            {
                _heads[bucket] = request.RingNext;
            }
        }

        Count--;
    }

    /// <summary>
    /// Takes out those that finish in <paramref name="call"/>, in the order they were added, into <paramref name="into"/>.
    /// </summary>
    public void TakeFinishers(long call, List<int> into)
    {
        int bucket = (int)call & _mask;
        if (IsEmpty(bucket))
        {
            return;
        }

        int start = into.Count;
        int head = _heads[bucket];
        int slot = head;
        do
        {
            if (_pool[slot].FinishCall == call)
            {
                into.Add(slot);
            }

            slot = _pool[slot].RingNext;
        }
        while (slot != head);

        for (int i = start; i < into.Count; i++)
        {
            Remove(into[i]);
        }
    }

    /// <summary>
    /// The first call from <paramref name="from"/> on in which a request may finish; all in the ring finish at
    /// <paramref name="from"/> or later. The ring must not be empty.
    /// </summary>
    public long NextCall(long from)
    {
        int start = (int)from & _mask;
        ulong rest = _bits[start >> 6] & (ulong.MaxValue << start);
        int bucket = rest != 0
            ? (start & ~63) + BitOperations.TrailingZeroCount(rest)
            : FirstInWordsAfter(start >> 6);
        return from + ((bucket - start) & _mask);
    }

    private bool IsEmpty(int bucket) => (_bits[bucket >> 6] & (1UL << bucket)) == 0;

    // The first non-empty bucket in the words after a given one, going round; that word itself comes last.
    private int FirstInWordsAfter(int word)
    {
        int next = (word + 1) & (_bits.Length - 1);
        ulong rest = _words[next >> 6] & (ulong.MaxValue << next);
        int group = next >> 6;
        while (rest == 0)
        {
            group = group + 1 < _words.Length ? group + 1 : 0;
            rest = _words[group];
        }

        int found = (group << 6) + BitOperations.TrailingZeroCount(rest);
        return (found << 6) + BitOperations.TrailingZeroCount(_bits[found]);
    }
}
