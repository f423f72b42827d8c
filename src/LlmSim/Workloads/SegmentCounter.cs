namespace LlmSim.Workloads;

/// <summary>Numbers the segments that a source makes up, from 1, so that no two are the same by accident.</summary>
internal sealed class SegmentCounter
{
    private long _last;

    /// <summary>The first of so many new numbers in a row.</summary>
    public long Take(long count = 1)
    {
        long first = _last + 1;
        _last += count;
        return first;
    }
}
