using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Tests.Serving;

/// <summary>Whose clock times are taken by.</summary>
public sealed class ServingClockTests
{
    private static readonly SimulatorConfig Config = new()
    {
        Model = Catalog("llama-2-7b"),
        Cluster = new ClusterSpec { Gpu = LlmSim.Catalog.GpuCatalog.Get("a100") },
        Workload = new WorkloadSpec { NumRequests = 50, RequestRatePerSecond = 1 },
    };

    [Fact]
    public void By_the_engines_clock_nothing_is_before_or_behind_it()
    {
        var host = new HostSpec
        {
            StepSeconds = 2e-3,
            SequenceSeconds = 1e-6,
            IngressSeconds = 1,
            HttpSeconds = 1,
            HttpSecondsPerToken = 1,
            TokenizationSeconds = 1,
            DetokenizationSecondsPerToken = 1e-3,
            StreamSecondsPerToken = 1e-3,
        };
        HostSpec seen = HostSpec.Resolve(Config with { Host = host, Clock = ServingClock.Engine });
        Assert.Equal(
            new HostSpec { StepSeconds = 2e-3, SequenceSeconds = 1e-6, TokenizationSecondsPerToken = 0, IngressSeconds = 0, StreamSecondsPerToken = 0 }, seen);
        Assert.Equal(host, HostSpec.Resolve(Config with { Host = host }));
    }

    [Fact]
    public void Vllm_has_a_measured_front_end_and_others_have_none()
    {
        Assert.Equal((4e-3, 60e-6), Defaults(EngineSpec.Default));
        Assert.Equal((4e-3, 60e-6), Defaults(BatchedEngine.Static)); // in front of vLLM's memory and seats
        Assert.True(EngineSpec.TryParse("sglang", out EngineSpec? sglang));
        Assert.Equal((0, 0), Defaults(sglang!));

        static (double?, double?) Defaults(EngineSpec engine)
        {
            HostSpec host = HostSpec.Resolve(Config with { Engine = engine });
            return (host.IngressSeconds, host.StreamSecondsPerToken);
        }
    }

    [Fact]
    public void A_lone_client_waits_longer_by_the_way_in_the_tokeniser_and_one_stream()
    {
        (SimTime First, SimTime Gap) client = Run(ServingClock.Client), engine = Run(ServingClock.Engine);
        Assert.Equal(4_000_000 + (512 * 2500) + 60_000, (client.First - engine.First).Nanoseconds);
        Assert.Equal(engine.Gap, client.Gap);

        static (SimTime, SimTime) Run(ServingClock clock)
        {
            var statistics = new LlmInferenceSimulator(Config with { Clock = clock, Workload = new WorkloadSpec { NumRequests = 1 } })
                .Run().ComputeStatistics();
            return (statistics.FirstTokenLatency.Max, statistics.TimePerOutputToken.Max);
        }
    }

    private static ModelSpec Catalog(string name) => LlmSim.Catalog.ModelCatalog.Get(name);
}
