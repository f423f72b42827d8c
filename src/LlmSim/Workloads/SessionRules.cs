using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>What holds for all conversations of a workload.</summary>
/// <param name="ThinkNs">Nanoseconds from an answer's last token to the next turn.</param>
/// <param name="LastSend">No turn is sent later.</param>
internal sealed record SessionRules(long ThinkNs, SimTime LastSend)
{
    /// <summary>Those of a workload.</summary>
    public static SessionRules Of(WorkloadSpec workload) => new(
        (long)Math.Round(workload.ThinkSeconds * 1e9), ArrivalLimit.LastSend(workload.DurationSeconds));
}
