using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Specs;
using static LlmSim.Samples.Study;

namespace LlmSim.Samples;

/// <summary>A scheduling policy of one's own: a few lines, and it runs at full speed.</summary>
internal static class OwnPolicy
{
    public static void Run(TextWriter output)
    {
        SimulatorConfig scenario = Scenario("llama-3.1-8b", "h100-80gb-sxm", requestsPerSecond: 1);
        scenario = scenario with
        {
            Workload = new WorkloadSpec
            {
                RequestRatePerSecond = 46,
                NumRequests = 5000,
                InputLength = LengthSpec.Lognormal(512, 1, max: 8000),
                OutputLength = LengthSpec.Lognormal(128, 0.8),
            },
            Scheduler = new SchedulerSpec { MaxNumSeqs = 128 },
        };
        SimulationStatistics first = new LlmInferenceSimulator(scenario).Run().ComputeStatistics();
        SimulationStatistics aged = new LlmInferenceSimulator(scenario).AdmitBy(new ShortPromptsFirst()).Run().ComputeStatistics();
        var table = new TextTable("policy", "TTFT mean ms", "TTFT p50 ms", "TTFT p99 ms", "requests/s");
        Add("first come, first served", first);
        Add("short prompts first, with age", aged);
        table.Write(output);
        output.WriteLine($"Letting short prompts pass cuts the mean time to first token to {aged.FirstTokenLatency.Mean / first.FirstTokenLatency.Mean:0%}; "
            + $"the last percent waits {aged.FirstTokenLatency.P99 / first.FirstTokenLatency.P99:0.0} times as long.");

        void Add(string name, SimulationStatistics s) => table.Add(name, Ms(s.FirstTokenLatency.Mean), Ms(s.FirstTokenLatency.P50),
            Ms(s.FirstTokenLatency.P99), $"{s.RequestsPerSecond:0.0}");
    }

    /// <summary>A prompt token counts as five milliseconds of arriving later: short prompts pass, but nobody waits for ever.</summary>
    private sealed class ShortPromptsFirst : AdmissionOrder
    {
        private const long NanosecondsPerToken = 5_000_000;

        public override long Key(in WaitingRequest request) => request.Arrival.Nanoseconds + (request.InputTokens * NanosecondsPerToken);
    }
}
