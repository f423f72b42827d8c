using System.Diagnostics;
using System.Globalization;
using LlmSim.Metrics;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Throughput;

/// <summary>What a run cost. Each is taken in a process of its own, so that peaks of memory do not mix.</summary>
/// <param name="CpuSeconds">CPU time of one run, all threads: the median of its repeats.</param>
/// <param name="PeakBytes">Most memory the process had resident.</param>
/// <param name="AllocatedBytes">What one run allocated.</param>
internal sealed record Measurement(double CpuSeconds, long PeakBytes, long AllocatedBytes)
{
    /// <summary>The verb that takes a measurement in this process.</summary>
    public const string Verb = "measure";

    /// <summary>Measures in a new process.</summary>
    public static Measurement Of(Workload workload, int repeats)
    {
        string[] arguments =
        [
            Verb,
            workload.Lengths.ToString(),
            workload.Requests.ToString(CultureInfo.InvariantCulture),
            workload.Rate.ToString("R", CultureInfo.InvariantCulture),
            repeats.ToString(CultureInfo.InvariantCulture),
            workload.Engine.ToString(),
            workload.Profile,
        ];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string[] fields = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        return process.ExitCode == 0 ? Parse(fields) : throw new InvalidOperationException("The measurement failed.");
    }

    /// <summary>Measures in this process.</summary>
    /// <param name="arguments">Length law, requests, requests per second, repeats, engine, profile.</param>
    public static Measurement Take(string[] arguments)
    {
        var workload = new Workload(
            Enum.Parse<LengthDistribution>(arguments[0]),
            long.Parse(arguments[1], CultureInfo.InvariantCulture),
            double.Parse(arguments[2], CultureInfo.InvariantCulture),
            EngineSpec.TryParse(arguments[4], out EngineSpec? engine) ? engine : EngineSpec.Default,
            arguments[5]);
        var seconds = new double[int.Parse(arguments[3], CultureInfo.InvariantCulture)];
        long allocated = 0;
        for (int i = 0; i < seconds.Length; i++)
        {
            long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            SimulationStatistics statistics = new LlmInferenceSimulator(workload.Config).Run().ComputeStatistics();
            seconds[i] = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
            if (statistics.CompletedRequests != workload.Requests)
            {
                throw new InvalidOperationException($"{statistics.CompletedRequests} of {workload.Requests} requests finished.");
            }
        }

        Array.Sort(seconds);
        using Process self = Process.GetCurrentProcess();
        return new Measurement(seconds[seconds.Length / 2], self.PeakWorkingSet64, allocated);
    }

    /// <summary>One line that <see cref="Of"/> reads.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{CpuSeconds:R} {PeakBytes} {AllocatedBytes}");

    private static Measurement Parse(string[] fields) => new(
        double.Parse(fields[0], CultureInfo.InvariantCulture),
        long.Parse(fields[1], CultureInfo.InvariantCulture),
        long.Parse(fields[2], CultureInfo.InvariantCulture));
}
