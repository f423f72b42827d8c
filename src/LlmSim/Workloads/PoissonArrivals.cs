namespace LlmSim.Workloads;

/// <summary>Poisson process: independent exponential gaps; the first request comes after one gap.</summary>
internal sealed class PoissonArrivals(RandomStream stream, double ratePerSecond) : ArrivalSampler
{
    private readonly double meanGapNs = 1e9 / ratePerSecond;
    private long now;
    private double fraction;

    /// <inheritdoc />
    public override long Next()
    {
        // The part of a nanosecond that one gap leaves over goes into the next: rounding never adds up.
        double gap = stream.NextExponential(meanGapNs) + fraction;
        long whole = (long)gap;
        fraction = gap - whole;
        now = whole < long.MaxValue - now ? now + whole : long.MaxValue;
        return now;
    }
}
