using LlmSim.Specs;

namespace LlmSim.Validation.Fitting;

/// <summary>Runs that constants are fitted to, and how far the simulation is from them.</summary>
internal sealed class FitTarget
{
    // Errors below are not worth following: repeated real runs differ by more.
    private const double LeastDeviation = 0.005;

    private readonly IReadOnlyList<MeasuredRun> _runs;
    private readonly LatencyCells[] _cells;

    /// <summary>Takes runs.</summary>
    /// <param name="runs">The runs. At least one.</param>
    /// <param name="skipSeconds">Seconds from each one's first request whose requests are left out.</param>
    public FitTarget(IReadOnlyList<MeasuredRun> runs, double skipSeconds)
    {
        _runs = runs;
        _cells = [.. runs.Select(run => new LatencyCells(run, skipSeconds))];
    }

    /// <summary>The runs.</summary>
    public IReadOnlyList<MeasuredRun> Runs => _runs;

    /// <summary>Requests that count.</summary>
    public int Requests => _cells.Sum(cells => cells.Requests);

    /// <summary>Runs all with other scenarios, on all cores.</summary>
    /// <returns>For each change and run, how long each request took.</returns>
    public RequestTimes?[][][] Simulate(IReadOnlyList<Func<SimulatorConfig, SimulatorConfig>> changes, CancellationToken cancellation)
    {
        var times = new RequestTimes?[changes.Count][][];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = new RequestTimes?[_runs.Count][];
        }

        Parallel.For(0, changes.Count * _runs.Count, new ParallelOptions { CancellationToken = cancellation }, place =>
        {
            (int change, int run) = Math.DivRem(place, _runs.Count);
            times[change][run] = RunReplay.Simulate(_runs[run] with { Config = changes[change](_runs[run].Config) }, cancellation);
        });
        return times;
    }

    /// <summary>Logarithm of simulated / measured of every statistic of every run.</summary>
    public double[] Errors(RequestTimes?[][] times, int withoutBlock = -1) =>
        [.. _cells.SelectMany((cells, run) => cells.Errors(times[run], withoutBlock))];

    /// <summary>How far chance alone moves each of these: the jackknife over stretches of time.</summary>
    public double[] Deviations(RequestTimes?[][] times) => Deviations([.. WithoutEach(times)]);

    /// <summary>The errors without each stretch of time.</summary>
    public IEnumerable<double[]> WithoutEach(RequestTimes?[][] times) => Enumerable.Range(0, LatencyCells.Blocks).Select(block => Errors(times, block));

    private static double[] Deviations(double[][] without)
    {
        double[] deviations = new double[without[0].Length];
        for (int i = 0; i < deviations.Length; i++)
        {
            deviations[i] = Math.Max(LeastDeviation, Jackknife([.. without.Select(errors => errors[i])]));
        }

        return deviations;
    }

    /// <summary>Standard error from values without each part.</summary>
    public static double Jackknife(double[] values)
    {
        double mean = values.Sum() / values.Length;
        return Math.Sqrt((values.Length - 1.0) / values.Length * values.Sum(value => (value - mean) * (value - mean)));
    }
}
