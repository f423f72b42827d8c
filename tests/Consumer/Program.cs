using LlmSim;
using LlmSim.Catalog;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Tests.Docs;

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

// A layer and an order of one's own, and a record of every request.
var attention = new GroupedQueryAttention { Heads = 32, KvHeads = 32, HeadSize = 128, ValueHeadSize = 128 };
var layers = new LayerGroup { Name = "low-rank", Count = 32, Blocks = [attention, new LowRankFeedForward(Width: 11008, Rank: 512)] };
var requests = new RequestCounter();
new LlmInferenceSimulator(config with { Model = config.Model with { LayerGroups = [layers] } }) { Records = requests }
    .AdmitBy(new DeadlineOrder(1))
    .Run();
Console.WriteLine($"records: {requests.Count}");
