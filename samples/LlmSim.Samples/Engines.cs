using LlmSim.Metrics;
using LlmSim.Specs;
using LlmSim.Specs.Engines;
using static LlmSim.Samples.Study;

namespace LlmSim.Samples;

/// <summary>The same long prompts on engines that schedule them differently.</summary>
internal static class Engines
{
    public static void Run(TextWriter output)
    {
        SimulatorConfig scenario = Scenario("llama-3.1-8b", "h100-80gb-sxm", requestsPerSecond: 1) with
        {
            Scheduler = new SchedulerSpec { MaxModelLen = 16384 },
            Workload = new WorkloadSpec
            {
                RequestRatePerSecond = 4,
                NumRequests = 1000,
                InputLength = LengthSpec.Uniform(2000, 8000),
                OutputLength = LengthSpec.Fixed(300),
            },
        };
        var table = new TextTable("engine", "TTFT p50 ms", "TTFT p99 ms", "ITL p50 ms", "ITL p99 ms", "ITL max ms");
        foreach (string name in (string[])["vllm", "sglang", "trtllm", "sarathi", "orca"])
        {
            SimulationStatistics s = Simulate(scenario with { Engine = Engine(name) });
            table.Add(name, Ms(s.FirstTokenLatency.P50), Ms(s.FirstTokenLatency.P99), Ms(s.InterTokenLatency.P50),
                Ms(s.InterTokenLatency.P99), Ms(s.InterTokenLatency.Max));
        }

        table.Write(output);
        output.WriteLine("Prompts of 2000 to 8000 tokens, 4 a second. Small steps keep gaps short and make prompts wait; whole prompts do the reverse.");
    }

    private static EngineSpec Engine(string name) =>
        EngineSpec.TryParse(name, out EngineSpec? engine) ? engine : throw new ArgumentException($"{name} is no engine.", nameof(name));
}
