using LlmSim.Metrics;
using LlmSim.Specs;
using static LlmSim.Samples.Study;

namespace LlmSim.Samples;

/// <summary>Where a deployment saturates, and what happens to the slowest requests on the way there.</summary>
internal static class Saturation
{
    public static void Run(TextWriter output)
    {
        SimulatorConfig scenario = Scenario("llama-3.1-8b", "h100-80gb-sxm", requestsPerSecond: 1);
        double capacity = Capacity(scenario);
        var table = new TextTable("load", "requests/s", "served/s", "TTFT p50 ms", "TTFT p99 ms", "E2E p99 ms", "waiting");
        var slowest = new Dictionary<double, double>();
        foreach (double load in new[] { 0.25, 0.5, 0.75, 0.9, 0.97, 1.1, 1.5 })
        {
            WorkloadSpec workload = scenario.Workload with { RequestRatePerSecond = load * capacity, NumRequests = 20_000 };
            SimulationStatistics s = Simulate(scenario with { Workload = workload });
            slowest[load] = s.FirstTokenLatency.P99.Seconds;
            table.Add($"{load:0%}", $"{load * capacity:0.0}", $"{s.RequestsPerSecond:0.0}", Ms(s.FirstTokenLatency.P50),
                Ms(s.FirstTokenLatency.P99), Ms(s.EndToEndLatency.P99), $"{s.WaitingRequests.Mean:0.0}");
        }

        table.Write(output);
        output.WriteLine($"It saturates at {capacity:0.0} requests/s: up to 97% of that the p99 time to first token grows {slowest[0.97] / slowest[0.5]:0}-fold, "
            + "beyond it grows with the length of the run and no percentile means anything.");
    }
}
