using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Specs;

namespace LlmSim.Tests.Docs;

/// <summary>The C# of docs/extending.md, compiled and run.</summary>
public sealed class SchedulingSnippets
{
    private static readonly SimulatorConfig Config = new()
    {
        Model = ModelCatalog.Get("llama-2-7b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("a100-80gb-sxm") },
        Scheduler = new SchedulerSpec { MaxNumSeqs = 8 },
        Workload = new WorkloadSpec
        {
            RequestRatePerSecond = 6,
            NumRequests = 1000,
            Classes = [new() { Name = "chat", Share = 0.5 }, new() { Name = "batch", Share = 0.5 }],
        },
    };

    [Fact]
    public void A_policy_of_ones_own_orders_the_queue()
    {
        SimulatorConfig config = Config;
        SimulationMetrics metrics = new LlmInferenceSimulator(config).AdmitBy(new DeadlineOrder(1, 60)).Run();
        Assert.Equal(1000, metrics.ComputeStatistics().CompletedRequests);

        // Half of the requests overtake the other half, so waits spread: the median falls, the tail grows.
        SimulationStatistics ordered = metrics.ComputeStatistics();
        SimulationStatistics fcfs = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        Assert.True(ordered.QueueTime.P99.Nanoseconds > 1.2 * fcfs.QueueTime.P99.Nanoseconds);
        Assert.True(ordered.QueueTime.Percentile(25) < fcfs.QueueTime.Percentile(25));
    }

    [Fact]
    public void An_order_is_refused_with_static_batches()
    {
        var simulator = new LlmInferenceSimulator(Config with { Scheduler = new SchedulerSpec { Batching = Batching.Static, BatchSize = 4 } });
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(() => simulator.AdmitBy(new DeadlineOrder(1, 60))).Problems);
        Assert.Equal("scheduler.batching", problem.Field);
    }
}
