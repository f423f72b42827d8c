using LlmSim.Metrics;
using LlmSim.Planning.Objectives;
using LlmSim.Specs;

namespace LlmSim.Planning.Capacity;

/// <summary>Tries one draw of the requests at any rate.</summary>
/// <param name="dial">The load.</param>
/// <param name="goal">What is to be kept.</param>
/// <param name="onRun">Told of every run.</param>
/// <param name="cancellation">Stops a run.</param>
internal sealed class CapacityProbe(LoadDial dial, ServiceGoal goal, Action onRun, CancellationToken cancellation)
{
    // Overload: from early on there is always somebody waiting.
    private const double Overload = 2;

    // A load that rises and falls is an overload at its lowest as well.
    private const double CurvedOverload = 4;

    /// <summary>Below this share of the guess nothing is tried.</summary>
    public const double Loneliest = 1e-3;

    /// <summary>Requests of a run.</summary>
    public required long Requests { get; init; }

    /// <summary>Which draw, from 0.</summary>
    public int Replication { get; init; }

    /// <summary>Changes the scenario; null for nothing.</summary>
    public Func<SimulatorConfig, SimulatorConfig>? Change { get; init; }

    /// <summary>The rate up to which the goals are kept; null when they never are.</summary>
    /// <param name="guess">Where to begin. Above 0.</param>
    /// <param name="stride">First stride away from it, a factor above 1.</param>
    /// <param name="tolerance">How precisely, as a share.</param>
    public double? Find(double guess, double stride, double tolerance)
    {
        double most = dial.IsTrace ? double.PositiveInfinity : MostServed(guess);
        if (goal.Objectives.Count == 0 && goal.GoodputShare is null)
        {
            return most;
        }

        var ends = RateSearch.Find(
            rate => rate < most && goal.Judge(Run(rate), judgesPace: false).IsKept, Math.Min(guess, most / stride), stride, tolerance, guess * Loneliest);
        return ends is var (kept, missed) ? Math.Sqrt(kept * Math.Min(missed, most)) : null;
    }

    /// <summary>A run without what takes long to work out.</summary>
    /// <param name="rate">The rate; infinite for all at once.</param>
    public SimulationStatistics Run(double rate)
    {
        onRun();
        SimulationStatistics statistics = dial.At(rate, Requests, Replication, Change).RunPart(long.MaxValue, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return statistics;
    }

    /// <summary>The rate at which requests are taken up when there is always one waiting: more can come for a while only.</summary>
    private double MostServed(double guess)
    {
        double rate = guess * (dial.IsCurved ? CurvedOverload : Overload);
        while (true)
        {
            SimulationStatistics statistics = Run(rate);
            if (statistics.Queue is not { IsBeyondCapacity: false } queue)
            {
                return statistics.Queue?.StartsPerSecond ?? statistics.RequestsPerSecond;
            }

            rate = Math.Max(rate, queue.ArrivalsPerSecond) * Overload;
        }
    }
}
