using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Throughput;

/// <summary>What is simulated: Llama-3.1-8B on one H100 SXM, Poisson arrivals, 512 tokens in and 128 out.</summary>
/// <param name="Lengths">The law of both lengths; all laws have the same means.</param>
/// <param name="Requests">How many requests.</param>
/// <param name="Rate">Requests per second.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Profile">Kernel times: <c>auto</c>, <c>none</c> for datasheet rates, or the name of some.</param>
internal sealed record Workload(LengthDistribution Lengths, long Requests, double Rate, EngineSpec Engine, string Profile)
{
    private const int Input = 512;
    private const int Output = 128;
    private const double Sigma = 0.8;

    /// <summary>The scenario to run.</summary>
    public SimulatorConfig Config => new()
    {
        Engine = Engine,
        Profile = Profile,
        Model = ModelCatalog.Get("llama-3.1-8b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("h100-80gb-sxm") },
        Workload = new WorkloadSpec
        {
            NumRequests = Requests,
            RequestRatePerSecond = Rate,
            InputLength = Length(Input),
            OutputLength = Length(Output),
        },
    };

    /// <summary>Requests per second that the deployment serves when it always has some waiting.</summary>
    public static double Capacity(LengthDistribution lengths, EngineSpec engine, string profile)
    {
        var flood = new Workload(lengths, 20_000, double.PositiveInfinity, engine, profile);
        SimulationStatistics statistics = new LlmInferenceSimulator(flood.Config).Run().ComputeStatistics();
        return statistics.CompletedRequests / statistics.Duration.Seconds;
    }

    private LengthSpec Length(int mean) => Lengths == LengthDistribution.Fixed
        ? LengthSpec.Fixed(mean)
        : LengthSpec.Lognormal(mean, Sigma, max: 16 * mean);
}
