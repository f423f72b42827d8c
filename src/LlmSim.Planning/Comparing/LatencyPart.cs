using LlmSim.Metrics;

namespace LlmSim.Planning.Comparing;

/// <summary>Part of the mean end-to-end latency.</summary>
/// <param name="Name">Which part.</param>
/// <param name="Of">Reads it off a run, in seconds.</param>
internal sealed record LatencyPart(string Name, Func<SimulationStatistics, double> Of)
{
    /// <summary>The parts, in the order in which a request goes through them. They add up to the mean end-to-end latency.</summary>
    public static IReadOnlyList<LatencyPart> All { get; } =
    [
        new("queue", s => s.QueueTime.Mean.Seconds),
        new("prefill", s => s.PrefillLatency.Mean.Seconds),
        new("decode", s => s.EndToEndLatency.Mean.Seconds - s.FirstTokenLatency.Mean.Seconds),
        new("front end", s => s.FirstTokenLatency.Mean.Seconds - s.QueueTime.Mean.Seconds - s.PrefillLatency.Mean.Seconds),
    ];
}
