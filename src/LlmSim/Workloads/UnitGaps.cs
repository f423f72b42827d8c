using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Draws gaps between requests at a rate of one request per unit of time.</summary>
internal abstract class UnitGaps
{
    /// <summary>The next gap. At least 0, with mean 1.</summary>
    public abstract double Next();

    /// <summary>The gaps of a workload, from the stream of its arrivals.</summary>
    public static UnitGaps Create(WorkloadSpec workload, ulong seed)
    {
        if (workload.Arrival == ArrivalProcess.Deterministic || double.IsPositiveInfinity(workload.Burstiness))
        {
            return new EqualGaps();
        }

        var stream = new RandomStream(seed, ArrivalSampler.StreamName);
        return workload.Burstiness == 1 ? new ExponentialGaps(stream) : new GammaGaps(stream, workload.Burstiness);
    }
}
