namespace LlmSim.Workloads;

/// <summary>Poisson process: independent exponential gaps; the first request comes after one gap.</summary>
internal sealed class PoissonArrivals(RandomStream stream, double ratePerSecond) : ArrivalSampler
{
    private readonly double _meanGapNs = 1e9 / ratePerSecond;
    private long _now;
    private double _fraction;

    /// <inheritdoc />
    public override long Next()
    {
        // The part of a nanosecond that one gap leaves over goes into the next: rounding never adds up.
        double gap = stream.NextExponential(_meanGapNs) + _fraction;
        long whole = (long)gap;
        _fraction = gap - whole;
        _now = whole < long.MaxValue - _now ? _now + whole : long.MaxValue;
        return _now;
    }
}
