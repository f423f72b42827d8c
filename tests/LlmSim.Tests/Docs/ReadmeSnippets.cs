using LlmSim.Catalog;
using LlmSim.Serving.Events;
using LlmSim.Specs;

namespace LlmSim.Tests.Docs;

/// <summary>The C# of the documentation, compiled and run. <see cref="DocsTests"/> compares the texts.</summary>
public sealed class ReadmeSnippets
{
    [Fact]
    public void Quick_start()
    {
        TextWriter before = Console.Out;
        using var printed = new StringWriter();
        Console.SetOut(printed);
        try
        {
            var config = new SimulatorConfig
            {
                Model = ModelCatalog.Get("llama-2-7b"),
                Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("a100-80gb-sxm") },
                Workload = new WorkloadSpec { RequestRatePerSecond = 4, NumRequests = 2000 },
            };
            var metrics = new LlmInferenceSimulator(config).Run();
            var s = metrics.ComputeStatistics();
            Console.WriteLine($"p99 time to first token: {s.FirstTokenLatency.P99.Milliseconds:0} ms");
            Console.WriteLine($"throughput: {s.OutputTokensPerSecond:0} tokens/s, GPU busy {s.GpuUtilization:0%}");

            new LlmInferenceSimulator(config).Observe(new PreemptionPrinter(Console.Out)).Run();
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.Matches(@"^p99 time to first token: \d+ ms\r?\nthroughput: \d+ tokens/s, GPU busy \d+%\r?\n$", printed.ToString());
    }

    internal sealed class PreemptionPrinter(TextWriter output) : SimulationObserver
    {
        public override SimulationEvents Interests => SimulationEvents.RequestPreempted;

        public override void Handle(in RequestPreempted e) => output.WriteLine($"{e.Time}: request {e.RequestId} lost its KV blocks");
    }
}
