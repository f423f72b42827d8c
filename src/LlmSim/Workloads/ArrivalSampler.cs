using System.Diagnostics;
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

    /// <summary>The sampler for a process at a rate in requests per second, above 0; infinite means all at once.</summary>
    public static ArrivalSampler Create(ArrivalProcess process, double ratePerSecond, ulong seed) => process switch
    {
        ArrivalProcess.Poisson => new PoissonArrivals(new RandomStream(seed, StreamName), ratePerSecond),
        ArrivalProcess.Deterministic => new DeterministicArrivals(ratePerSecond),
        _ => throw new UnreachableException($"Arrival process {process}."),
    };
}
