namespace LlmSim.Workloads;

/// <summary>Gaps of any law on a clock of any rate: a renewal process whose time is stretched so that its rate is the clock's.</summary>
/// <remarks>
/// Exact inversion of the cumulative rate: request i arrives when the rate, summed over time, has reached the sum of the
/// first i gaps. With exponential gaps that is the Poisson process of this rate (Çinlar, "Introduction to Stochastic
/// Processes", 1975, section 4.7), and no draw is thrown away as thinning would.
/// </remarks>
internal sealed class GapArrivals(UnitGaps gaps, RateClock clock) : ArrivalSampler
{
    /// <inheritdoc />
    public override long Next() => clock.Advance(gaps.Next());
}
