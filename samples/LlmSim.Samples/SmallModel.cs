using LlmSim.Metrics;
using static LlmSim.Samples.Study;

namespace LlmSim.Samples;

/// <summary>How latency answers to load, on the simplest deployment there is.</summary>
internal static class SmallModel
{
    public static void Run(TextWriter output)
    {
        var table = new TextTable("requests/s", "TTFT p50 ms", "TTFT p99 ms", "TPOT p50 ms", "tokens/s", "running", "GPU busy");
        SimulationStatistics? light = null, heavy = null;
        foreach (double rate in new[] { 0.5, 1, 2, 4, 8 })
        {
            heavy = Simulate(Scenario("llama-2-7b", "a100-80gb-sxm", rate));
            light ??= heavy;
            table.Add($"{rate}", Ms(heavy.FirstTokenLatency.P50), Ms(heavy.FirstTokenLatency.P99), Ms(heavy.TimePerOutputToken.P50),
                $"{heavy.OutputTokensPerSecond:0}", $"{heavy.RunningRequests.Mean:0.0}", $"{heavy.GpuUtilization:0%}");
        }

        table.Write(output);
        output.WriteLine($"Sixteen times the load costs {heavy!.TimePerOutputToken.P50 / light!.TimePerOutputToken.P50:0.0} times the time per token: "
            + "a batch reads the weights once for all its requests.");
    }
}
