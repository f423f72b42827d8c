namespace LlmSim.Serving;

/// <summary>When clients will give up, the first one first. O(log n) a request; those that are gone are passed over when their time comes.</summary>
/// <param name="patience">How long clients wait.</param>
internal sealed class TimeoutQueue(ClientPatience patience)
{
    private const int FewEntries = 256;

    /// <summary>A request that its client may give up.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Slot">Where the engine keeps it.</param>
    /// <param name="IsForFirstToken">Whether a first token is what its client waits for.</param>
    /// <param name="AnswerByNs">When the client gives up unless it has the last one.</param>
    public readonly record struct Entry(long Id, int Slot, bool IsForFirstToken, long AnswerByNs);

    private readonly PriorityQueue<Entry, (long Ns, long Id)> _entries = new();

    /// <summary>Adds a request.</summary>
    public void Add(in InboundRequest request, int slot)
    {
        (long first, long answer) = patience.Of(request.ArrivalNs, request.Class);
        Add(new Entry(request.Id, slot, first < answer, answer), Math.Min(first, answer));
    }

    /// <summary>When a client gives up next, as far as is known; <see cref="long.MaxValue"/> for never.</summary>
    /// <param name="progressOf">What is known of a request.</param>
    public long NextNs(Func<Entry, RequestProgress> progressOf)
    {
        while (_entries.TryPeek(out Entry entry, out (long Ns, long) at))
        {
            RequestProgress progress = progressOf(entry);
            long token = entry.IsForFirstToken ? progress.FirstTokenNs : progress.LastTokenNs;
            if (progress.IsHere && (token == 0 || token > at.Ns))
            {
                return at.Ns;
            }

            _entries.Dequeue();
            if (progress.IsHere && entry.IsForFirstToken)
            {
                Add(entry with { IsForFirstToken = false }, entry.AnswerByNs);
            }
        }

        return long.MaxValue;
    }

    /// <summary>Takes the first one. After <see cref="NextNs"/>, which must have named a time.</summary>
    public Entry Take() => _entries.Dequeue();

    /// <summary>Forgets who is gone when they are most of all.</summary>
    /// <param name="here">How many are not.</param>
    /// <param name="progressOf">Who.</param>
    public void Prune(int here, Func<Entry, RequestProgress> progressOf)
    {
        if (_entries.Count < FewEntries || _entries.Count / 2 < here)
        {
            return;
        }

        (Entry, (long, long))[] kept = [.. _entries.UnorderedItems.Where(item => progressOf(item.Element).IsHere)];
        _entries.Clear();
        _entries.EnqueueRange(kept);
    }

    private void Add(in Entry entry, long atNs)
    {
        if (atNs < long.MaxValue)
        {
            _entries.Enqueue(entry, (atNs, entry.Id));
        }
    }
}
