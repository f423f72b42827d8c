using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>
/// One seat and outputs of one token make the engine a single server: a prompt of n tokens is served in n microseconds. Means come with
/// an interval by batch means: what follows each other is correlated, means of thousands in a row hardly.
/// </summary>
internal static class SingleServer
{
    private const int Batches = 40;

    // Student's t, 39 degrees of freedom, two-sided 99.9%: a right engine fails one seed in a thousand; the seed is fixed.
    private const double T = 3.56;

    public static List<RequestRecord> Serve(RequestSource source, bool stepByStep, ClientLimit? clients = null) =>
        Serve(source, stepByStep, new HostSpec { TokenizationSecondsPerToken = 0 }, limits => limits, clients).Records;

    public static ExactMeter Serve(
        RequestSource source, bool stepByStep, HostSpec host, Func<EngineLimits, EngineLimits> change, ClientLimit? clients = null)
    {
        EngineLimits limits = change(new EngineLimits
        {
            MaxNumSeqs = 1,
            MaxNumBatchedTokens = 1 << 20,
            MaxModelLen = 1 << 20,
            UsableBlocks = 1 << 12,
            BlockSize = 256,
        });
        var meter = new ExactMeter(1 << 20, 1);
        new ServingRun(source, host, limits, new AffineCost(0, 1000L << 20, 0, 0, 0), meter,
            EventHub.Silent, stepByStep, clients: clients).Run(CancellationToken.None);
        return meter;
    }

    /// <summary>The mean of a figure of all requests, which must agree with the expected one within an interval narrow enough to say something.</summary>
    public static double AssertMean(double expected, IReadOnlyCollection<RequestRecord> records, Func<RequestRecord, long> figure, double widest)
    {
        double[] means = [.. records.Chunk(records.Count / Batches).Select(batch => batch.Average(record => (double)figure(record)))];
        double mean = means.Average();
        double error = T * Math.Sqrt(means.Sum(m => (m - mean) * (m - mean)) / (Batches - 1) / Batches);
        Assert.InRange(expected, mean - error, mean + error);
        Assert.True(error < widest * expected, $"an interval of ±{error / expected:p0} proves little");
        return mean;
    }
}
