using System.Numerics;

namespace LlmSim.Workloads;

/// <summary>Equal gaps: request i of a rate r arrives at i·10⁹/r ns, rounded to the nearest (halves up); the first at 0.</summary>
/// <remarks>
/// Exact however many requests there are: the gap is kept as a fraction of whole numbers, which a double always is, and its
/// remainder is carried along as in Bresenham's line.
/// </remarks>
internal sealed class DeterministicArrivals : ArrivalSampler
{
    private const double SlowestRate = 1.0 / (1L << 33); // one request in 272 years
    private const double FastestRate = 1L << 61;
    private const long SignificandMask = (1L << 52) - 1;

    private readonly long _wholeGap;
    private readonly ulong _gapRemainder;
    private readonly ulong _denominator = 1;
    private ulong _remainder;
    private long _next;

    /// <summary>Arrivals at this many requests per second, above 0. Infinite means all at 0.</summary>
    public DeterministicArrivals(double ratePerSecond)
    {
        if (ratePerSecond > FastestRate)
        {
            return;
        }

        if (ratePerSecond < SlowestRate)
        {
            _wholeGap = long.MaxValue;
            return;
        }

        // rate = significand · 2^exponent, with an odd significand.
        long bits = BitConverter.DoubleToInt64Bits(ratePerSecond);
        ulong significand = (ulong)((bits & SignificandMask) | (SignificandMask + 1));
        int exponent = (int)(bits >> 52) - 1075;
        int zeros = BitOperations.TrailingZeroCount(significand);
        significand >>= zeros;
        exponent += zeros;

        UInt128 nanoseconds = (UInt128)1_000_000_000 << Math.Max(-exponent, 0);
        ulong requests = significand << Math.Max(exponent, 0);
        (UInt128 whole, UInt128 rest) = UInt128.DivRem(nanoseconds, requests);

        // In halves of 1/requests ns, starting at one half of a nanosecond: whole steps then round instead of truncating.
        _wholeGap = (long)whole;
        _gapRemainder = (ulong)rest * 2;
        _denominator = requests * 2;
        _remainder = requests;
    }

    /// <inheritdoc />
    public override long Next()
    {
        long arrival = _next;
        _remainder += _gapRemainder;
        long carry = 0;
        if (_remainder >= _denominator)
        {
            _remainder -= _denominator;
            carry = 1;
        }

        _next = _wholeGap < long.MaxValue - 1 - _next ? _next + _wholeGap + carry : long.MaxValue;
        return arrival;
    }
}
