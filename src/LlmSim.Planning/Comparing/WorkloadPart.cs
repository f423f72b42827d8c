using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Planning.Comparing;

/// <summary>Part of a workload that stands for all of it.</summary>
internal static class WorkloadPart
{
    /// <summary>Requests from all over a workload whose load changes over time; null where its first ones will do.</summary>
    /// <param name="config">The scenario.</param>
    /// <param name="total">Requests of the whole workload.</param>
    /// <param name="wanted">About how many are wanted.</param>
    public static Func<RequestSource>? Of(SimulatorConfig config, long total, long wanted)
    {
        WorkloadSpec workload = config.Workload;
        if (total <= wanted || workload is { RateCurve: null, Trace: null } || workload.Sessions is not null)
        {
            return null;
        }

        using RequestSource all = RequestSources.Create(workload, config.Seed);
        KeptRequests kept = Excerpt.Of(all, total, wanted);
        return () => kept.Open();
    }
}
