using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>
/// Clients that think, and a single exponential server: the machine-repairman model. Throughput and time in the system follow from
/// mean value analysis (Reiser and Lavenberg, 1980), whatever the law of the thinking time.
/// </summary>
public sealed class MachineRepairmanTests
{
    private const int Requests = 200_000;
    private const int Batches = 40;
    private const double ServiceNs = 10_000_000;
    private const double T = 3.56; // as in QueueingTheoryTests

    [Theory]
    [InlineData(1, 20_000_000)]
    [InlineData(4, 20_000_000)]
    [InlineData(4, 0)]
    [InlineData(16, 100_000_000)]
    public void Closed_loop_keeps_to_mean_value_analysis(int clients, long thinkNs)
    {
        ExactMeter meter = Run(clients, thinkNs);
        double expected = MeanTimeInSystem(clients, thinkNs);
        double[] means = [.. meter.Records.Chunk(Requests / Batches)
            .Select(batch => batch.Average(record => (double)(record.Finish - record.Arrival).Nanoseconds))];
        double mean = means.Average();
        double error = Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (Batches - 1) / Batches);
        Assert.InRange(expected, mean - (T * error), mean + (T * error));
        Assert.True(T * error < 0.03 * expected, $"an interval of ±{T * error / expected:p0} proves little");

        // Little's law over the whole loop: N = X · (Z + R).
        double throughput = Requests / (double)meter.Records.Max(record => record.Finish).Nanoseconds;
        Assert.Equal(clients, throughput * (thinkNs + mean), clients * 0.01);
    }

    /// <summary>R(n) = S·(1 + Q(n − 1)), X(n) = n / (Z + R(n)), Q(n) = X(n)·R(n).</summary>
    private static double MeanTimeInSystem(int clients, long thinkNs)
    {
        double queue = 0, time = 0;
        for (int n = 1; n <= clients; n++)
        {
            time = ServiceNs * (1 + queue);
            queue = n / (thinkNs + time) * time;
        }

        return time;
    }

    private static ExactMeter Run(int clients, long thinkNs)
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
        using var source = new EagerSource();
        new ServingRun(source, new HostSpec { TokenizationSecondsPerToken = 0 }, limits, new AffineCost(0, 1000L << 20, 0, 0, 0), meter,
            EventHub.Silent, stepByStep: false, clients: new ClientLimit(clients, thinkNs, SimTime.Never)).Run(CancellationToken.None);
        return meter;
    }

    /// <summary>Requests that go as soon as a client is free; a prompt of n tokens is served in n microseconds.</summary>
    private sealed class EagerSource : RequestSource
    {
        private readonly RandomStream _lengths = new(1, "lengths");
        private int _sent;

        public override bool TryNext(out ArrivingRequest request)
        {
            request = new ArrivingRequest(SimTime.Zero, 1 + (int)_lengths.NextExponential(9_999.5), 1);
            return _sent++ < Requests;
        }
    }
}
