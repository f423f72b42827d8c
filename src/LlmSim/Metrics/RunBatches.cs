namespace LlmSim.Metrics;

/// <summary>
/// Cuts a run into batches of equally many finished requests: snapshots of every histogram at the ends of 12 to 23 batches.
/// When 24 have come, neighbours merge and batches are twice as long from there on, so that memory stays the same.
/// </summary>
/// <remarks>Nothing is done for a request: what a batch holds is the difference of two snapshots.</remarks>
internal sealed class RunBatches
{
    /// <summary>Requests in a batch of a short run.</summary>
    public const int FirstSize = 16;

    private const int Most = 24;

    private readonly LatencyHistogram[] _histograms;
    private readonly List<HistogramSnapshot>[] _ends;
    private readonly Stack<HistogramSnapshot> _free = new();
    private long _size = FirstSize;

    /// <summary>Starts the first batch.</summary>
    /// <param name="histograms">What is watched.</param>
    public RunBatches(params LatencyHistogram[] histograms)
    {
        _histograms = histograms;
        _ends = [.. histograms.Select(_ => new List<HistogramSnapshot>(Most))];
    }

    /// <summary>How many requests have finished when the current batch is full.</summary>
    public long NextEnd { get; private set; } = FirstSize;

    /// <summary>The ends of a histogram's batches, in order.</summary>
    public IReadOnlyList<HistogramSnapshot> EndsOf(LatencyHistogram histogram) => _ends[Array.IndexOf(_histograms, histogram)];

    /// <summary>Ends the current batch, which is full.</summary>
    public void Close()
    {
        for (int i = 0; i < _histograms.Length; i++)
        {
            _ends[i].Add(Take(_histograms[i]));
            if (_ends[i].Count == Most)
            {
                MergeNeighbours(_ends[i]);
            }
        }

        if (NextEnd == Most * _size)
        {
            _size *= 2;
        }

        NextEnd = (_ends[0].Count + 1) * _size;
    }

    private HistogramSnapshot Take(LatencyHistogram histogram)
    {
        if (!_free.TryPop(out HistogramSnapshot? snapshot))
        {
            return new HistogramSnapshot(histogram);
        }

        snapshot.Take(histogram);
        return snapshot;
    }

    private void MergeNeighbours(List<HistogramSnapshot> ends)
    {
        for (int i = 0; i < Most / 2; i++)
        {
            _free.Push(ends[2 * i]);
            ends[i] = ends[(2 * i) + 1];
        }

        ends.RemoveRange(Most / 2, Most / 2);
    }
}
