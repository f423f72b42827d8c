namespace LlmSim.Simulation;

/// <summary>
/// An engine's own clock: nanoseconds and a remainder in quanta of 2⁻²⁰ ns. Step durations are whole quanta, so a run of
/// steps added one by one and the same run added at once end at the same instant.
/// </summary>
internal readonly struct EngineClock
{
    /// <summary>Quanta in a nanosecond, as a power of two.</summary>
    public const int QuantaBits = 20;

    /// <summary>Quanta in a nanosecond.</summary>
    public const long QuantaPerNanosecond = 1L << QuantaBits;

    private EngineClock(long nanoseconds, long remainder)
    {
        Nanoseconds = nanoseconds;
        Remainder = remainder;
    }

    /// <summary>Whole nanoseconds: the time that everybody else sees.</summary>
    public long Nanoseconds { get; }

    /// <summary>Quanta beyond, from 0 to 2²⁰ − 1.</summary>
    public long Remainder { get; }

    /// <summary>The exact start of a nanosecond.</summary>
    public static EngineClock At(long nanoseconds) => new(nanoseconds, 0);

    /// <summary>The clock after <paramref name="quanta"/> more, or that many less where negative. Quanta up to 2⁶³ − 2²⁰ (about 2.4 hours).</summary>
    public EngineClock Plus(long quanta)
    {
        long sum = Remainder + quanta;
        return new EngineClock(Nanoseconds + (sum >> QuantaBits), sum & (QuantaPerNanosecond - 1));
    }

    /// <summary>Quanta from here to the start of a nanosecond; negative when it has passed, capped at ±2⁶².</summary>
    public long QuantaUntil(long nanoseconds)
    {
        long distance = nanoseconds - Nanoseconds;
        const long limit = 1L << (62 - QuantaBits);
        return distance >= limit ? 1L << 62
            : distance <= -limit ? -(1L << 62)
            : (distance << QuantaBits) - Remainder;
    }

    /// <summary>Quanta since an earlier moment, at most about 2.4 hours before.</summary>
    public long QuantaSince(EngineClock earlier) => ((Nanoseconds - earlier.Nanoseconds) << QuantaBits) + Remainder - earlier.Remainder;

    /// <summary>The later of two clocks.</summary>
    public static EngineClock Max(EngineClock a, EngineClock b) =>
        a.Nanoseconds > b.Nanoseconds || (a.Nanoseconds == b.Nanoseconds && a.Remainder >= b.Remainder) ? a : b;
}
