using LlmSim.Costs;
using LlmSim.Metrics;

namespace LlmSim.Planning.Capacity;

/// <summary>What gives out first when the load grows.</summary>
internal static class FirstToGive
{
    /// <summary>As sentences, by a run just above capacity.</summary>
    /// <param name="above">Figures of that run.</param>
    public static string Explanation(SimulationStatistics above) => above.Bottleneck.Kind != BottleneckKind.LightLoad ? above.Bottleneck.Explanation
        : $"Requests hardly wait, but steps take longer the more run at once, {above.RunningRequests.Mean:0} here."
            + (above.Breakdown is { TotalSeconds: > 0 } cost ? $" {Bottleneck.StepTime(cost)}" : "");

    /// <summary>In a few words, by a run just above capacity.</summary>
    /// <param name="above">Figures of that run.</param>
    public static string Words(SimulationStatistics above) => above.Bottleneck.Kind switch
    {
        BottleneckKind.KvMemory => "KV memory",
        BottleneckKind.BatchLimit => "the batch limit",
        BottleneckKind.Batching => "waiting for batches",
        BottleneckKind.Bursts => "queueing in bursts",
        _ when above.Breakdown is { TotalSeconds: > 0 } cost => Enum.GetValues<CostClass>().MaxBy(cost.Seconds) switch
        {
            CostClass.Compute => "compute",
            CostClass.Memory => "memory bandwidth",
            CostClass.Communication => "communication between GPUs",
            CostClass.Latency => "latency of kernels and messages",
            _ => "the host CPU",
        },
        _ => "queueing",
    };
}
