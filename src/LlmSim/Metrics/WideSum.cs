using System.Numerics;
using System.Runtime.CompilerServices;

namespace LlmSim.Metrics;

/// <summary>An exact running total of products, from 0 to 2¹⁹² − 1: squares of durations in quanta outgrow 128 bits.</summary>
/// <remarks>Room for 2²⁸ samples of 146 years or 2⁶⁰ samples of half a day, so overflow is not checked.</remarks>
internal struct WideSum : IEquatable<WideSum>
{
    private ulong _low;
    private ulong _middle;
    private ulong _high;

    /// <summary>Adds <paramref name="value"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong value) => AddLow(0, value);

    /// <summary>Adds <paramref name="a"/>·<paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(ulong a, ulong b)
    {
        ulong upper = Math.BigMul(a, b, out ulong lower);
        AddLow(upper, lower);
    }

    /// <summary>Adds <paramref name="a"/>·<paramref name="b"/>·<paramref name="c"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(ulong a, ulong b, ulong c)
    {
        ulong productHigh = Math.BigMul(a, b, out ulong productLow);
        ulong upper = Math.BigMul(productLow, c, out ulong lower);
        AddLow(upper, lower);
        upper = Math.BigMul(productHigh, c, out lower);
        AddMiddle(upper, lower);
    }

    /// <summary>Adds another total.</summary>
    public void Add(in WideSum other)
    {
        AddLow(0, other._low);
        AddMiddle(other._high, other._middle);
    }

    /// <summary>The total as an unbounded integer.</summary>
    public readonly BigInteger ToBigInteger() => ((BigInteger)_high << 128) + ((BigInteger)_middle << 64) + _low;

    /// <inheritdoc />
    public readonly bool Equals(WideSum other) => _low == other._low && _middle == other._middle && _high == other._high;

    /// <inheritdoc />
    public override readonly bool Equals(object? obj) => obj is WideSum other && Equals(other);

    /// <inheritdoc />
    public override readonly int GetHashCode() => HashCode.Combine(_low, _middle, _high);

    // The upper half of a product is at most 2⁶⁴ − 2, so that it can take a carry.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddLow(ulong upper, ulong lower)
    {
        _low += lower;
        upper += _low < lower ? 1UL : 0UL;
        _middle += upper;
        _high += _middle < upper ? 1UL : 0UL;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddMiddle(ulong upper, ulong lower)
    {
        _middle += lower;
        _high += upper + (_middle < lower ? 1UL : 0UL);
    }
}
