using System.Numerics;

namespace LlmSim.Metrics;

/// <summary>An exact running total of products, from 0 to 2¹⁹² − 1: squares of durations in quanta outgrow 128 bits.</summary>
/// <remarks>Room for 2²⁸ samples of 146 years, or 2⁶⁰ samples of a day, so it is not checked for overflow.</remarks>
internal struct WideSum : IEquatable<WideSum>
{
    private UInt128 low;
    private ulong high;

    /// <summary>Adds <paramref name="value"/>·<paramref name="weight"/>.</summary>
    public void Add(UInt128 value, ulong weight)
    {
        UInt128 lower = Math.BigMul((ulong)value, weight);
        UInt128 upper = Math.BigMul((ulong)(value >> 64), weight);
        AddParts(lower, 0);
        AddParts(upper << 64, (ulong)(upper >> 64));
    }

    /// <summary>Adds another total.</summary>
    public void Add(in WideSum other) => AddParts(other.low, other.high);

    /// <summary>The total as an unbounded integer.</summary>
    public readonly BigInteger ToBigInteger() => ((BigInteger)high << 128) + (BigInteger)low;

    /// <inheritdoc />
    public readonly bool Equals(WideSum other) => low == other.low && high == other.high;

    /// <inheritdoc />
    public override readonly bool Equals(object? obj) => obj is WideSum other && Equals(other);

    /// <inheritdoc />
    public override readonly int GetHashCode() => HashCode.Combine(low, high);

    private void AddParts(UInt128 lower, ulong upper)
    {
        low += lower;
        high += upper + (low < lower ? 1UL : 0UL);
    }
}
