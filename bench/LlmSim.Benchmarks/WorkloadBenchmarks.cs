using BenchmarkDotNet.Attributes;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Benchmarks;

/// <summary>What drawing a request costs. Every line must say 0 bytes allocated.</summary>
[MemoryDiagnoser]
public class WorkloadBenchmarks
{
    private RequestSource _source = null!;

    /// <summary>Law of the gaps between requests.</summary>
    [Params(ArrivalProcess.Deterministic, ArrivalProcess.Poisson)]
    public ArrivalProcess Arrival { get; set; }

    /// <summary>Law of both lengths.</summary>
    [ParamsAllValues]
    public LengthDistribution Lengths { get; set; }

    /// <summary>Opens a source that never ends.</summary>
    [GlobalSetup]
    public void Setup() => _source = RequestSources.Create(
        new WorkloadSpec
        {
            Arrival = Arrival,
            RequestRatePerSecond = 50,
            NumRequests = long.MaxValue,
            InputLength = Length(512),
            OutputLength = Length(128),
        },
        seed: 1);

    /// <summary>Closes it.</summary>
    [GlobalCleanup]
    public void Cleanup() => _source.Dispose();

    /// <summary>The next request.</summary>
    [Benchmark]
    public ArrivingRequest Draw()
    {
        _source.TryNext(out ArrivingRequest request);
        return request;
    }

    private LengthSpec Length(int mean) => Lengths switch
    {
        LengthDistribution.Uniform => LengthSpec.Uniform(1, 2 * mean),
        LengthDistribution.Lognormal => LengthSpec.Lognormal(mean, sigma: 0.8),
        _ => LengthSpec.Fixed(mean),
    };
}
