using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Poisson arrivals at a <see cref="SingleServer"/> wait as M/D/1 and M/M/1 say.</summary>
public sealed class QueueingTheoryTests
{
    private const int Requests = 400_000;
    private const double MeanServiceNs = 10_000_000;

    private sealed class PoissonSource(double load, Func<int> service) : RequestSource
    {
        private readonly RandomStream _gaps = new(1, "arrivals");
        private double _now;
        private int _sent;

        public override bool TryNext(out ArrivingRequest request)
        {
            _now += _gaps.NextExponential(MeanServiceNs / load);
            request = new ArrivingRequest(new SimTime((long)_now), service(), 1);
            return _sent++ < Requests;
        }
    }

    [Theory]
    [InlineData(0.3, false)]
    [InlineData(0.3, true)]
    [InlineData(0.7, false)]
    [InlineData(0.7, true)]
    public void Deterministic_service_waits_as_Pollaczek_and_Khinchine_say(double load, bool stepByStep) =>
        AssertMeanWait(load * MeanServiceNs / (2 * (1 - load)), load, () => 10_000, stepByStep);

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    public void Exponential_service_waits_twice_as_long(double load)
    {
        var lengths = new RandomStream(1, "lengths");
        AssertMeanWait(
            load * MeanServiceNs / (1 - load), load, () => 1 + (int)lengths.NextExponential(9_999.5), stepByStep: false);
    }

    [Theory]
    [InlineData(0.9, 3)]
    [InlineData(1.5, 1)]
    public void A_limited_queue_refuses_as_many_as_M_M_1_K(double load, int places)
    {
        // One in service and so many waiting: P = ρ^K · (1 − ρ) / (1 − ρ^(K+1)).
        int k = places + 1;
        double expected = Math.Pow(load, k) * (1 - load) / (1 - Math.Pow(load, k + 1));
        var lengths = new RandomStream(1, "lengths");
        using var source = new PoissonSource(load, () => 1 + (int)lengths.NextExponential(9_999.5));
        ExactMeter meter = SingleServer.Serve(source, stepByStep: false, new HostSpec { TokenizationSecondsPerToken = 0 },
            limits => limits with { MaxQueuedRequests = places });
        Assert.Equal(Requests, meter.Records.Count + meter.RejectedCount);
        Assert.Equal(expected, meter.RejectedCount / (double)Requests, 0.003);
    }

    private static void AssertMeanWait(double expectedNs, double load, Func<int> service, bool stepByStep)
    {
        using var source = new PoissonSource(load, service);
        List<RequestRecord> records = SingleServer.Serve(source, stepByStep);
        SingleServer.AssertMean(expectedNs, records, record => (record.Scheduled - record.Arrival).Nanoseconds, widest: 0.1);
    }
}
