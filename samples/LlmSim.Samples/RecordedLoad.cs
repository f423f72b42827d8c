using LlmSim.Metrics;
using LlmSim.Specs;
using static LlmSim.Samples.Study;

namespace LlmSim.Samples;

/// <summary>A trace as it came, against the same requests drawn from Poisson arrivals and mean lengths.</summary>
internal static class RecordedLoad
{
    public static void Run(TextWriter output)
    {
        string file = Path.Combine(Path.GetTempPath(), $"llmsim-{Environment.ProcessId}-chat-2min.csv");
        try
        {
            using (Stream trace = typeof(RecordedLoad).Assembly.GetManifestResourceStream("chat-2min.csv")!)
            using (FileStream copy = File.Create(file))
            {
                trace.CopyTo(copy);
            }

            Compare(output, file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Compare(TextWriter output, string file)
    {
        SimulatorConfig scenario = Scenario("llama-2-7b", "a100-80gb-sxm", requestsPerSecond: 1);
        SimulationStatistics recorded = Simulate(scenario with { Workload = new WorkloadSpec { Trace = new TraceSpec { Path = file } } });
        SimulationStatistics drawn = Simulate(scenario with
        {
            Workload = new WorkloadSpec
            {
                NumRequests = recorded.TotalRequests,
                RequestRatePerSecond = recorded.RequestsPerSecond,
                InputLength = LengthSpec.Fixed((int)(recorded.InputTokens / recorded.TotalRequests)),
                OutputLength = LengthSpec.Fixed((int)(recorded.OutputTokens / recorded.TotalRequests)),
            },
        });
        var table = new TextTable("load", "requests", "requests/s", "TTFT p50 ms", "TTFT p99 ms", "E2E p99 ms", "most waiting");
        Add("as recorded", recorded);
        Add("Poisson, mean lengths", drawn);
        table.Write(output);
        output.WriteLine($"The same mean load misjudges the slowest requests: p99 end to end is {recorded.EndToEndLatency.P99 / drawn.EndToEndLatency.P99:0.0} times as long "
            + "with the bursts and lengths as they came.");

        void Add(string name, SimulationStatistics s) => table.Add(name, $"{s.TotalRequests}", $"{s.RequestsPerSecond:0.00}",
            Ms(s.FirstTokenLatency.P50), Ms(s.FirstTokenLatency.P99), Ms(s.EndToEndLatency.P99), $"{s.WaitingRequests.Max:0}");
    }
}
