using System.Numerics;

namespace LlmSim.Workloads;

/// <summary>
/// A stream of random numbers of its own for each purpose, made from the scenario's seed and a name such as
/// <c>lengths/input</c>: changing how one quantity is drawn leaves the draws of all others as they were.
/// </summary>
/// <remarks>
/// xoshiro256++ 1.0 (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021), period 2²⁵⁶ − 1, seeded
/// by SplitMix64 from the seed and the FNV-1a hash of the name, as its authors advise.
/// </remarks>
internal sealed class RandomStream
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>The stream with this name under this seed.</summary>
    public RandomStream(ulong seed, string name)
    {
        // The seed is mixed before the name joins it, so that neighbouring seeds and names do not meet.
        ulong state = SplitMix(ref seed) ^ StableHash.Of(name);
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>A generator in a given state, not all zeros.</summary>
    internal RandomStream(ulong s0, ulong s1, ulong s2, ulong s3) =>
        (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s0 + _s3, 23) + _s0;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in (0, 1), an odd multiple of 2⁻⁵³: neither 0 nor 1, so that logarithms and quantiles are finite.</summary>
    public double NextOpenDouble() => ToOpenDouble(NextUInt64());

    /// <summary>Random bits as a number in (0, 1).</summary>
    internal static double ToOpenDouble(ulong bits) => ((bits >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>Every whole number from <paramref name="min"/> to <paramref name="max"/>, both included, equally likely.</summary>
    /// <remarks>Lemire, "Fast Random Integer Generation in an Interval" (2019): exact, hardly ever a second draw.</remarks>
    public int NextInt(int min, int max)
    {
        ulong range = (ulong)((long)max - min) + 1;
        ulong offset = Math.BigMul(NextUInt64(), range, out ulong low);
        if (low < range)
        {
            ulong biased = (0 - range) % range;
            while (low < biased)
            {
                offset = Math.BigMul(NextUInt64(), range, out low);
            }
        }

        return (int)(min + (long)offset);
    }

    /// <summary>Exponential with this mean. Scales with the mean: the same stream at half the mean gives half of each draw.</summary>
    public double NextExponential(double mean) => -mean * DeterministicMath.Log(NextOpenDouble());

    /// <summary>Standard normal. One uniform per draw and increasing in it, so that common random numbers keep their order.</summary>
    public double NextNormal() => NormalQuantile.At(NextOpenDouble());

    /// <summary>A value in which every bit depends on all bits of another: its SplitMix64.</summary>
    internal static ulong Hash(ulong value) => SplitMix(ref value);

    /// <summary>SplitMix64's next number.</summary>
    internal static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        return StableHash.Finish(state);
    }
}
