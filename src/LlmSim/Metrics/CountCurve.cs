using System.Runtime.CompilerServices;

namespace LlmSim.Metrics;

/// <summary>How a count grew over time: events in 64 to 128 equal spans of time, which double in length when a run gets longer.</summary>
/// <remarks>Events may come in any order; the curve is the same.</remarks>
internal sealed class CountCurve
{
    /// <summary>Of events in order every eighth is enough: those whose number has none of these bits.</summary>
    public const long SampleMask = 7;

    private const int Most = 128;

    private readonly long[] _counts = new long[Most];

    // Spans of about a millisecond to begin with.
    private int _spanBits = 20;

    private long _last;

    /// <summary>The count.</summary>
    public long Count { get; private set; }

    /// <summary>Counts an event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long nanoseconds)
    {
        if (nanoseconds >> _spanBits >= Most)
        {
            Lengthen(nanoseconds);
        }

        _counts[nanoseconds >> _spanBits]++;
        _last = Math.Max(_last, nanoseconds);
        Count++;
    }

    /// <summary>How many events came before a time, spread evenly over the span that it lies in, or over what there is of the last.</summary>
    public double At(double nanoseconds)
    {
        double span = 1L << _spanBits;
        double count = 0;
        for (int i = 0; i < Most && i * span < nanoseconds; i++)
        {
            double length = Math.Max(1, Math.Min(span, _last - (i * span)));
            count += _counts[i] * Math.Min(1, (nanoseconds - (i * span)) / length);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Lengthen(long nanoseconds)
    {
        while (nanoseconds >> _spanBits >= Most)
        {
            _spanBits++;
            for (int i = 0; i < Most / 2; i++)
            {
                _counts[i] = _counts[2 * i] + _counts[(2 * i) + 1];
            }

            Array.Clear(_counts, Most / 2, Most / 2);
        }
    }
}
