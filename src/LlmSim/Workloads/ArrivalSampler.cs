using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Draws the times at which requests arrive.</summary>
internal abstract class ArrivalSampler
{
    /// <summary>Name of the random stream that arrivals are drawn from.</summary>
    public const string StreamName = "arrivals";

    /// <summary>
    /// The next arrival in nanoseconds since the start, never before the last; <see cref="long.MaxValue"/> when it lies
    /// beyond what a long can hold.
    /// </summary>
    public abstract long Next();

    /// <summary>The arrivals of a workload without a trace, whose values must be in range.</summary>
    public static ArrivalSampler Create(WorkloadSpec workload, ulong seed) => workload switch
    {
        { RateCurve: null, Burstiness: 1, Arrival: ArrivalProcess.Poisson } =>
            new PoissonArrivals(new RandomStream(seed, StreamName), workload.RequestRatePerSecond),
        { RateCurve: null, Arrival: ArrivalProcess.Deterministic } or { RateCurve: null, Burstiness: double.PositiveInfinity } =>
            new DeterministicArrivals(workload.RequestRatePerSecond),
        _ => new GapArrivals(UnitGaps.Create(workload, seed), RateClock.Create(workload, seed)),
    };
}
