using System.Numerics;
using System.Runtime.CompilerServices;

namespace LlmSim.Metrics;

/// <summary>
/// The division of durations into buckets: pages of 256. Page 0 holds 0 to 255 ns; page p above it holds 2^(p+7) to
/// 2^(p+8) − 1 ns in buckets of 2^(p−1) ns, at most 1/256 of their lower end.
/// </summary>
internal static class LogBuckets
{
    /// <summary>Buckets in a page, as a power of two.</summary>
    public const int PageBits = 8;

    /// <summary>Buckets in a page.</summary>
    public const int PageSize = 1 << PageBits;

    /// <summary>Mask that leaves a bucket's place in its page.</summary>
    public const int SlotMask = PageSize - 1;

    /// <summary>Pages that durations up to 2⁶³ − 1 ns need.</summary>
    public const int Pages = 64 - PageBits;

    /// <summary>Bucket of a duration of at least 0 ns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Index(long nanoseconds)
    {
        int page = Pages - BitOperations.LeadingZeroCount((ulong)nanoseconds | SlotMask);
        return (page << PageBits) + (int)((nanoseconds >> WidthBits(page)) & SlotMask);
    }

    /// <summary>Least duration in a bucket, in nanoseconds.</summary>
    public static long LowerEnd(int index)
    {
        int page = index >> PageBits;
        int slot = index & SlotMask;
        return page == 0 ? slot : (long)(PageSize + slot) << WidthBits(page);
    }

    /// <summary>Least duration beyond a bucket, in nanoseconds.</summary>
    public static long UpperEnd(int index) => LowerEnd(index) + (1L << WidthBits(index >> PageBits));

    private static int WidthBits(int page) => Math.Max(page - 1, 0);
}
