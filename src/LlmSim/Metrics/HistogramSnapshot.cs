namespace LlmSim.Metrics;

/// <summary>What a histogram held at one moment, in classes of four buckets: at most 1.6% of their lower end wide.</summary>
internal sealed class HistogramSnapshot
{
    private const int ClassBits = 2;
    private const int ClassesPerPage = LogBuckets.PageSize >> ClassBits;

    // Below this page, which starts at 2¹⁷ ns or 0.13 ms, all is one class: nobody asks how such latencies differ.
    private const int FirstPage = 10;
    private const int ShortClass = FirstPage * ClassesPerPage - 1;

    private int _firstClass;
    private int _classes;
    private long _short;
    private long[] _upTo = [];

    /// <summary>Copies what a histogram holds.</summary>
    public HistogramSnapshot(LatencyHistogram histogram) => Take(histogram);

    /// <summary>Copies what a histogram holds over what was copied before.</summary>
    public void Take(LatencyHistogram histogram)
    {
        Count = histogram.Count;
        SumQuanta = histogram.SumQuanta;
        int first = FirstPage, end = LogBuckets.Pages;
        while (first < end && histogram.Page(first).IsEmpty)
        {
            first++;
        }

        while (end > first && histogram.Page(end - 1).IsEmpty)
        {
            end--;
        }

        _firstClass = first * ClassesPerPage;
        _classes = (end - first) * ClassesPerPage;
        if (_upTo.Length < _classes)
        {
            _upTo = new long[_classes];
        }

        _short = 0;
        for (int page = 0; page < FirstPage; page++)
        {
            foreach (long count in histogram.Page(page))
            {
                _short += count;
            }
        }

        long upTo = _short;
        Span<long> classes = _upTo;
        for (int page = first; page < end; page++)
        {
            upTo = AddPage(histogram.Page(page), upTo, classes);
            classes = classes[ClassesPerPage..];
        }
    }

    /// <summary>Samples so far.</summary>
    public long Count { get; private set; }

    /// <summary>Their exact sum in quanta of 2⁻²⁰ ns.</summary>
    public UInt128 SumQuanta { get; private set; }

    /// <summary>The class of a duration.</summary>
    public static int ClassOf(long nanoseconds) => Math.Max(LogBuckets.Index(nanoseconds) >> ClassBits, ShortClass);

    /// <summary>Least duration in a class, in nanoseconds.</summary>
    public static long LowerEnd(int durationClass) =>
        durationClass == ShortClass ? 0 : LogBuckets.LowerEnd(durationClass << ClassBits);

    /// <summary>Samples so far in the classes below this one.</summary>
    public long CountBelow(int durationClass)
    {
        int classes = Math.Min(durationClass - _firstClass, _classes);
        return classes > 0 ? _upTo[classes - 1] : durationClass > ShortClass ? _short : 0;
    }

    private static long AddPage(ReadOnlySpan<long> buckets, long upTo, Span<long> classes)
    {
        if (buckets.IsEmpty)
        {
            classes[..ClassesPerPage].Fill(upTo);
            return upTo;
        }

        for (int i = 0; i < buckets.Length; i++)
        {
            upTo += buckets[i];
            classes[i >> ClassBits] = upTo;
        }

        return upTo;
    }
}
