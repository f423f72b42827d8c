using System.Numerics;
using System.Runtime.CompilerServices;
using LlmSim.Simulation;

namespace LlmSim.Metrics;

/// <summary>
/// Durations counted in logarithmic buckets, with their exact count, sum, sum of squares, minimum and maximum.
/// </summary>
/// <remarks>
/// <para>Buckets hold whole nanoseconds from 0 to 2⁶² and are at most 2⁻⁸ of their lower end wide (1 ns below 512 ns), so a
/// percentile read off them is within 0.4%. A page of 256 buckets covers one power of two and is created when it is first
/// needed; that apart, recording allocates nothing.</para>
/// <para>Sums are kept in quanta of 2⁻²⁰ ns, in which step durations are whole numbers: recording a run of steps at once
/// and one by one gives the same histogram to the last bit.</para>
/// </remarks>
internal sealed class LatencyHistogram : IEquatable<LatencyHistogram>
{
    private const int QuantaBits = EngineClock.QuantaBits;

    // From here on the buckets of a run are walked instead of its steps, if there are fewer of them.
    private const int ShortRun = 8;

    private readonly long[]?[] _pages = new long[LogBuckets.Pages][];
    private UInt128 _sumQuanta;
    private WideSum _squareSum; // in quanta²
    private WideSum _nanosecondSquareSum; // in ns², for the samples given in nanoseconds
    private long _min = long.MaxValue;
    private long _max = long.MinValue;

    /// <summary>Number of samples.</summary>
    public long Count { get; private set; }

    /// <summary>Exact sum in quanta of 2⁻²⁰ ns.</summary>
    public UInt128 SumQuanta => _sumQuanta;

    /// <summary>Exact sum of squares in quanta².</summary>
    public BigInteger SquareSum => _squareSum.ToBigInteger() + (_nanosecondSquareSum.ToBigInteger() << (2 * QuantaBits));

    /// <summary>Smallest sample in whole nanoseconds; 0 without samples.</summary>
    public long Min => Count > 0 ? _min : 0;

    /// <summary>Largest sample in whole nanoseconds; 0 without samples.</summary>
    public long Max => Count > 0 ? _max : 0;

    /// <summary>Mean in nanoseconds, rounded to the nearest; 0 without samples.</summary>
    public long Mean
    {
        get
        {
            UInt128 scaled = (UInt128)Count << QuantaBits;
            return Count > 0 ? (long)((_sumQuanta + scaled / 2) / scaled) : 0;
        }
    }

    /// <summary>Population standard deviation in nanoseconds, rounded to the nearest; 0 without samples.</summary>
    /// <remarks>√(n·Σx² − (Σx)²) / n, the difference taken in exact integers.</remarks>
    public long StandardDeviation
    {
        get
        {
            if (Count == 0)
            {
                return 0;
            }

            BigInteger sum = _sumQuanta;
            double spread = (double)(SquareSum * Count - sum * sum);
            return (long)Math.Round(Math.Sqrt(spread) / Count / EngineClock.QuantaPerNanosecond);
        }
    }

    /// <summary>Counts of a page of buckets (see <see cref="LogBuckets"/>); empty when nothing fell into it.</summary>
    public ReadOnlySpan<long> Page(int page) => _pages[page];

    /// <summary>Records one duration in nanoseconds, from 0 to 2⁶².</summary>
    public void Record(long nanoseconds)
    {
        AddToBucket(nanoseconds, 1);
        AddExtremes(nanoseconds, nanoseconds);
        Count++;
        _sumQuanta += (UInt128)(ulong)nanoseconds << QuantaBits;
        if (nanoseconds <= uint.MaxValue)
        {
            _nanosecondSquareSum.Add((ulong)(nanoseconds * nanoseconds));
        }
        else
        {
            _nanosecondSquareSum.AddProduct((ulong)nanoseconds, (ulong)nanoseconds);
        }
    }

    /// <summary>Records <paramref name="weight"/> times a duration in quanta, from 0 to 2⁶².</summary>
    public void RecordQuanta(long quanta, long weight)
    {
        if (weight == 0)
        {
            return;
        }

        long nanoseconds = quanta >> QuantaBits;
        AddToBucket(nanoseconds, weight);
        AddExtremes(nanoseconds, nanoseconds);
        Count += weight;
        _sumQuanta += Math.BigMul((ulong)quanta, (ulong)weight);
        _squareSum.AddProduct((ulong)quanta, (ulong)quanta, (ulong)weight);
    }

    /// <summary>
    /// Records a run of durations in quanta, <paramref name="first"/> + i·<paramref name="growth"/> for i below
    /// <paramref name="steps"/>, each <paramref name="weight"/> times. The same as <see cref="RecordQuanta"/> for every one.
    /// </summary>
    /// <param name="first">First duration, at least 0.</param>
    /// <param name="growth">How much longer each is than the one before, at least 0; the last is at most 2⁶².</param>
    /// <param name="steps">How many durations, at least 1.</param>
    /// <param name="weight">Samples of each, at least 0.</param>
    public void RecordRun(long first, long growth, long steps, long weight)
    {
        if (weight == 0)
        {
            return;
        }

        long last = first + growth * (steps - 1);
        long firstNs = first >> QuantaBits;
        long lastNs = last >> QuantaBits;
        AddExtremes(firstNs, lastNs);
        Count += steps * weight;
        AddRunSums(first, growth, steps, weight);
        if (firstNs == lastNs)
        {
            AddToBucket(firstNs, steps * weight);
        }
        else if (steps <= ShortRun || steps < 2 * (LogBuckets.Index(lastNs) - LogBuckets.Index(firstNs)))
        {
            for (long quanta = first; steps > 0; steps--, quanta += growth)
            {
                AddToBucket(quanta >> QuantaBits, weight);
            }
        }
        else
        {
            WalkBuckets(first, growth, steps, weight);
        }
    }

    /// <summary>Adds all samples of another histogram.</summary>
    public void Merge(LatencyHistogram other)
    {
        if (other.Count == 0)
        {
            return;
        }

        for (int page = 0; page < _pages.Length; page++)
        {
            if (other._pages[page] is { } theirs)
            {
                long[] ours = _pages[page] ?? CreatePage(page);
                for (int slot = 0; slot < LogBuckets.PageSize; slot++)
                {
                    ours[slot] += theirs[slot];
                }
            }
        }

        AddExtremes(other._min, other._max);
        Count += other.Count;
        _sumQuanta += other._sumQuanta;
        _squareSum.Add(in other._squareSum);
        _nanosecondSquareSum.Add(in other._nanosecondSquareSum);
    }

    /// <summary>
    /// The value below which <paramref name="percent"/> of the samples lie, in nanoseconds; 0 without samples. Between two
    /// samples it interpolates as NumPy's <c>percentile</c> and so as serving benchmarks do.
    /// </summary>
    /// <param name="percent">From 0 to 100.</param>
    public long Percentile(double percent)
    {
        if (!(percent >= 0 && percent <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "from 0 to 100");
        }

        if (Count == 0)
        {
            return 0;
        }

        double rank = (Count - 1) * (percent / 100);
        long below = (long)rank;
        double fraction = rank - below;
        long value = Sample(below);
        return fraction > 0 ? value + (long)Math.Round(fraction * (Sample(below + 1) - value)) : value;
    }

    /// <summary>Whether both hold the same samples, as far as buckets and sums can tell.</summary>
    public bool Equals(LatencyHistogram? other)
    {
        if (other is null || Count != other.Count || _sumQuanta != other._sumQuanta || Min != other.Min || Max != other.Max
            || SquareSum != other.SquareSum)
        {
            return false;
        }

        for (int page = 0; page < _pages.Length; page++)
        {
            if (!_pages[page].AsSpan().SequenceEqual(other._pages[page]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as LatencyHistogram);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Count, _sumQuanta);

    /// <summary>The sample of a rank from 0, its place within its bucket estimated from its rank there.</summary>
    private long Sample(long rank)
    {
        if (rank == 0 || rank == Count - 1)
        {
            return rank == 0 ? _min : _max;
        }

        for (int index = 0; ; index++)
        {
            long[]? page = _pages[index >> LogBuckets.PageBits];
            if (page is null)
            {
                index += LogBuckets.SlotMask;
                continue;
            }

            long inBucket = page[index & LogBuckets.SlotMask];
            if (rank < inBucket)
            {
                long lower = LogBuckets.LowerEnd(index);
                double offset = (LogBuckets.UpperEnd(index) - lower - 1) * ((rank + 0.5) / inBucket);
                return Math.Clamp(lower + (long)Math.Round(offset), _min, _max);
            }

            rank -= inBucket;
        }
    }

    // With l the last of n: Σ(f + ig) = n(f + l)/2 and Σ(f + ig)² = n·f·l + g²·n(n−1)(2n−1)/6. Chunks keep the last factor,
    // times the weight, below 2⁶⁴.
    private void AddRunSums(long first, long growth, long steps, long weight)
    {
        var f = (ulong)first;
        var g = (ulong)growth;
        var w = (ulong)weight;
        long chunk = 1L << (BitOperations.LeadingZeroCount(w) / 3);
        while (steps > 0)
        {
            var n = (ulong)Math.Min(steps, chunk);
            ulong l = f + g * (n - 1);
            _sumQuanta += Math.BigMul(f + l, n * w) >> 1;
            _squareSum.AddProduct(f, l, n * w);
            _squareSum.AddProduct(g, g, n * (n - 1) * (2 * n - 1) / 6 * w);
            f = l + g;
            steps -= (long)n;
        }
    }

    private void WalkBuckets(long first, long growth, long steps, long weight)
    {
        for (long quanta = first; steps > 0;)
        {
            long nanoseconds = quanta >> QuantaBits;
            ulong end = (ulong)LogBuckets.UpperEnd(LogBuckets.Index(nanoseconds)) << QuantaBits;
            long inBucket = Math.Min(steps, (long)((end - (ulong)quanta + (ulong)growth - 1) / (ulong)growth));
            AddToBucket(nanoseconds, inBucket * weight);
            quanta += growth * inBucket;
            steps -= inBucket;
        }
    }

    private void AddExtremes(long least, long most)
    {
        if (least < _min)
        {
            _min = least;
        }

        if (most > _max)
        {
            _max = most;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddToBucket(long nanoseconds, long weight)
    {
        int index = LogBuckets.Index(nanoseconds);
        long[] page = _pages[index >> LogBuckets.PageBits] ?? CreatePage(index >> LogBuckets.PageBits);
        page[index & LogBuckets.SlotMask] += weight;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long[] CreatePage(int page) => _pages[page] = new long[LogBuckets.PageSize];
}
