using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>
/// Clients that think, and an exponential <see cref="SingleServer"/>: the machine-repairman model. Throughput and time in the system follow from
/// mean value analysis (Reiser and Lavenberg, 1980), whatever the law of the thinking time.
/// </summary>
public sealed class MachineRepairmanTests
{
    private const int Requests = 200_000;
    private const double ServiceNs = 10_000_000;

    [Theory]
    [InlineData(1, 20_000_000)]
    [InlineData(4, 20_000_000)]
    [InlineData(4, 0)]
    [InlineData(16, 100_000_000)]
    public void Closed_loop_keeps_to_mean_value_analysis(int clients, long thinkNs)
    {
        using var source = new EagerSource();
        List<RequestRecord> records = SingleServer.Serve(source, stepByStep: false, new ClientLimit(clients, thinkNs, SimTime.Never));
        double mean = SingleServer.AssertMean(
            MeanTimeInSystem(clients, thinkNs), records, record => (record.Finish - record.Arrival).Nanoseconds, widest: 0.03);

        // Little's law over the whole loop: N = X · (Z + R).
        double throughput = Requests / (double)records.Max(record => record.Finish).Nanoseconds;
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
