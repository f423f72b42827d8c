using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Specs;
using static LlmSim.Samples.Study;

namespace LlmSim.Samples;

/// <summary>The same model and load on two generations of GPU.</summary>
internal static class TwoGpus
{
    public static void Run(TextWriter output)
    {
        string[] names = ["a100-80gb-sxm", "h100-80gb-sxm"];
        SimulatorConfig[] scenarios = [.. names.Select(name => Scenario("llama-2-7b", name, requestsPerSecond: 1))];
        SimulationStatistics[] s = [.. scenarios.Select(Simulate)];
        double[] capacity = [.. scenarios.Select(Capacity)];
        GpuSpec[] gpus = [.. names.Select(GpuCatalog.Get)];
        var table = new TextTable("", "A100", "H100", "ratio");
        Add("FP16 TFLOP/s", gpus[0].Fp16FlopsPerSecond / 1e12, gpus[1].Fp16FlopsPerSecond / 1e12);
        Add("memory GB/s", gpus[0].MemoryBytesPerSecond / 1e9, gpus[1].MemoryBytesPerSecond / 1e9);
        Add("TTFT p50 ms", s[0].FirstTokenLatency.P50.Milliseconds, s[1].FirstTokenLatency.P50.Milliseconds);
        Add("TPOT p50 ms", s[0].TimePerOutputToken.P50.Milliseconds, s[1].TimePerOutputToken.P50.Milliseconds);
        Add("requests/s at most", capacity[0], capacity[1]);
        table.Write(output);
        output.WriteLine($"An H100 serves {capacity[1] / capacity[0]:0.0} times the requests of an A100: prefill follows arithmetic, decoding follows bandwidth.");

        void Add(string what, double a100, double h100) => table.Add(what, $"{a100:0.0}", $"{h100:0.0}", $"{h100 / a100:0.00}");
    }
}
