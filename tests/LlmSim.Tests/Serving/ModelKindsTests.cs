using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Specs;
using LlmSim.Tests.Metrics;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Models with windows and experts through the whole engine: jumped runs end as steps taken one by one do.</summary>
public sealed class ModelKindsTests
{
    [Theory]
    [InlineData("gpt-oss-20b", "h100", 0)]
    [InlineData("gemma-3-4b", "rtx-4090", 0)]
    [InlineData("mistral-7b-v0.1", "a100", 0.02)]
    [InlineData("qwen3-30b-a3b", "h100", 0.004)]
    [InlineData("deepseek-v2-lite", "h100", 0)]
    [InlineData("deepseek-v2-lite", "l40s", 0.004)]
    [InlineData("deepseek-v2-lite", "h100", 0.01, 1, SimulatorConfig.DatasheetProfile)]
    [InlineData("deepseek-v2-lite", "rtx-pro-6000", 0)]
    [InlineData("deepseek-v3", "h200", 0, 8)]
    [InlineData("kimi-k2", "b200", 0.02, 8)]
    public void Fast_engine_equals_plain_engine(
        string model, string gpu, double hostSeconds, int ranks = 1, string profile = SimulatorConfig.EmbeddedProfile)
    {
        var config = new SimulatorConfig
        {
            Model = ModelCatalog.Get(model),
            Cluster = new ClusterSpec { Gpu = GpuCatalog.Get(gpu) },
            Scheduler = new SchedulerSpec { MaxModelLen = 8192, MaxNumSeqs = 32, MaxNumBatchedTokens = 1024 },
            Parallelism = new ParallelismSpec { TensorParallel = ranks },
            Profile = profile,
            Host = new HostSpec { StepSeconds = hostSeconds },
            Workload = new WorkloadSpec
            {
                RequestRatePerSecond = 4,
                NumRequests = 60,
                InputLength = new LengthSpec
                {
                    Distribution = LengthDistribution.Lognormal,
                    Mean = 900,
                    Sigma = 1,
                    Max = 5000,
                },
                OutputLength = LengthSpec.Fixed(300),
            },
        };
        Assert.Empty(MetricsDifference.Between(Run(config, stepByStep: false), Run(config, stepByStep: true)));
    }

    private static MetricsCollector Run(SimulatorConfig config, bool stepByStep)
    {
        var deployment = Deployment.Resolve(config);
        var collector = new MetricsCollector(deployment.Limits);
        using var source = RequestSources.Create(config.Workload, config.Seed);
        var run = new ServingRun(source, config.Host, deployment.Limits, deployment.Cost, collector,
            new EventHub([]), stepByStep);
        run.Run(TestContext.Current.CancellationToken);
        collector.Ended(run.Now.Nanoseconds);
        var breakdown = deployment.Cost.Breakdown(collector.Work, collector.BusyQuanta);
        Assert.True(breakdown.HostSeconds > -1e-9);
        return collector;
    }
}
