using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Throughput;

/// <summary>The tables that the verbs print.</summary>
internal static class Report
{
    private const double Mebi = 1 << 20;
    private const long LeastRequests = 10_000;

    private static readonly LengthDistribution[] Lengths = [LengthDistribution.Fixed, LengthDistribution.Lognormal];
    private static readonly double[] Loads = [0.2, 0.8, 0.99];

    /// <summary>How fast runs are, at light and heavy load.</summary>
    public static void Throughput(long requests, int repeats, EngineSpec engine, string profile)
    {
        Console.WriteLine("load  lengths    requests    CPU s  M req/CPU-s  peak MiB  allocated MiB");
        foreach (LengthDistribution lengths in Lengths)
        {
            double capacity = Workload.Capacity(lengths, engine, profile);
            foreach (double load in Loads)
            {
                Measurement measured = Measurement.Of(new Workload(lengths, requests, load * capacity, engine, profile), repeats);
                Console.WriteLine(
                    $"{load,4:0%}  {lengths,-9} {requests,9}  {measured.CpuSeconds,7:0.000}"
                    + $"  {requests / measured.CpuSeconds / 1e6,11:0.00}  {measured.PeakBytes / Mebi,8:0.0}"
                    + $"  {measured.AllocatedBytes / Mebi,13:0.00}");
            }

            Console.WriteLine($"      capacity with {lengths} lengths: {capacity:0.0} requests/s");
        }
    }

    /// <summary>How much memory runs of growing length take, at 80% of capacity.</summary>
    /// <param name="most">Requests of the longest run.</param>
    public static void Memory(long most, EngineSpec engine, string profile)
    {
        Console.WriteLine("lengths     requests  peak MiB  allocated MiB");
        foreach (LengthDistribution lengths in Lengths)
        {
            double rate = 0.8 * Workload.Capacity(lengths, engine, profile);
            for (long requests = LeastRequests; requests <= most; requests *= 10)
            {
                Measurement measured = Measurement.Of(new Workload(lengths, requests, rate, engine, profile), repeats: 1);
                Console.WriteLine(
                    $"{lengths,-9}  {requests,9}  {measured.PeakBytes / Mebi,8:0.0}  {measured.AllocatedBytes / Mebi,13:0.00}");
            }
        }
    }
}
