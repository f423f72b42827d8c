using System.Runtime.CompilerServices;

namespace LlmSim.Metrics;

/// <summary>How a count grew over time: when it reached multiples of a step that doubles as the run gets longer.</summary>
internal sealed class CountCurve
{
    private const int Most = 64;

    private readonly long[] _times = new long[Most];
    private int _points;
    private long _step = 1;
    private long _next = 1;
    private long _firstNs;
    private long _lastNs;

    /// <summary>The count.</summary>
    public long Count { get; private set; }

    /// <summary>Counts one more, not before the ones so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long nanoseconds)
    {
        _lastNs = nanoseconds;
        if (++Count == _next)
        {
            Mark(nanoseconds);
        }
    }

    /// <summary>The count at a time, straight lines drawn between the points known.</summary>
    public double At(double nanoseconds)
    {
        (double fromNs, double from) = (_firstNs, 0);
        for (int i = 0; i <= _points; i++)
        {
            (double toNs, double to) = i < _points ? (_times[i], (i + 1) * _step) : (_lastNs, Count);
            if (nanoseconds < toNs)
            {
                return nanoseconds <= fromNs ? from : from + (to - from) * ((nanoseconds - fromNs) / (toNs - fromNs));
            }

            (fromNs, from) = (toNs, to);
        }

        return Count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Mark(long nanoseconds)
    {
        if (Count == 1)
        {
            _firstNs = nanoseconds;
        }

        _times[_points++] = nanoseconds;
        if (_points == Most)
        {
            _points = Most / 2;
            _step *= 2;
            for (int i = 0; i < _points; i++)
            {
                _times[i] = _times[(2 * i) + 1];
            }
        }

        _next = (_points + 1) * _step;
    }
}
