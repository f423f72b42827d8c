using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>
/// One seat and outputs of one token make the engine a single server: Poisson arrivals wait as M/D/1 and M/M/1 say.
/// A prompt of n tokens is served in n microseconds.
/// </summary>
public sealed class QueueingTheoryTests
{
    private const int Requests = 400_000;
    private const int Batches = 40;
    private const double MeanServiceNs = 10_000_000;

    // Student's t, 39 degrees of freedom, two-sided 99.9%: a right engine fails one seed in a thousand; the seed is fixed.
    private const double T = 3.56;

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

    private static void AssertMeanWait(double expectedNs, double load, Func<int> service, bool stepByStep)
    {
        var limits = new EngineLimits
        {
            MaxNumSeqs = 1,
            MaxNumBatchedTokens = 1 << 20,
            MaxModelLen = 1 << 20,
            UsableBlocks = 1 << 20,
            BlockSize = 1,
        };
        var meter = new ExactMeter(1 << 20, 1);
        using var source = new PoissonSource(load, service);
        var host = new HostSpec { TokenizationSecondsPerToken = 0 };
        var cost = new AffineCost(0, 1000L << 20, 0, 0, 0);
        new ServingRun(source, host, limits, cost, meter, EventHub.Silent, stepByStep).Run(CancellationToken.None);

        // Batch means: waits are correlated, means of 10,000 in a row hardly.
        double[] means = [.. meter.Records.Chunk(Requests / Batches)
            .Select(batch => batch.Average(r => (double)(r.Scheduled - r.Arrival).Nanoseconds))];
        double mean = means.Average();
        double error = Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (Batches - 1) / Batches);
        Assert.InRange(expectedNs, mean - (T * error), mean + (T * error));
        Assert.True(T * error < 0.1 * expectedNs, $"an interval of ±{T * error / expectedNs:p0} proves little");
    }
}
