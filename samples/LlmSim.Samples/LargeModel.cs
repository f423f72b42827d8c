using LlmSim.Costs;
using LlmSim.Metrics;
using static LlmSim.Samples.Study;

namespace LlmSim.Samples;

/// <summary>What tensor parallelism buys, and what it costs in communication.</summary>
internal static class LargeModel
{
    public static void Run(TextWriter output)
    {
        var table = new TextTable("GPUs", "TTFT p50 ms", "TPOT p50 ms", "requests/s at most", "communication", "KV tokens");
        var perToken = new List<double>();
        double communication = 0;
        foreach (int gpus in new[] { 2, 4, 8 })
        {
            var scenario = Scenario("llama-2-70b", "h100-80gb-sxm", requestsPerSecond: 2, tensorParallel: gpus);
            SimulationStatistics s = Simulate(scenario);
            perToken.Add(s.TimePerOutputToken.P50.Seconds);
            communication = s.Breakdown!.Seconds(CostClass.Communication) / s.Breakdown.TotalSeconds;
            table.Add($"{gpus}", Ms(s.FirstTokenLatency.P50), Ms(s.TimePerOutputToken.P50), $"{Capacity(scenario):0.0}", $"{communication:0%}",
                $"{(long)s.Engine.KvBlocks * s.Engine.BlockSize}");
        }

        table.Write(output);
        output.WriteLine($"Four times the GPUs make a token {perToken[0] / perToken[^1]:0.0} times as fast, not four: "
            + $"on eight, {communication:0%} of the time goes into all-reduces.");
    }
}
