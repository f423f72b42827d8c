using LlmSim;
using LlmSim.Catalog;
using LlmSim.Specs;

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
