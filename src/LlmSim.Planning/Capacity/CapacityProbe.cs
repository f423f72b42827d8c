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
    private const int MostOverloads = 10;

    /// <summary>Below this share of the guess nothing is tried.</summary>
    public const double Loneliest = 1e-3;

    private double _chance = 1;

    /// <summary>Requests of a run.</summary>
    public required long Requests { get; init; }

    /// <summary>Which draw, from 0.</summary>
    public int Replication { get; init; }

    /// <summary>Changes the scenario; null for nothing.</summary>
    public Func<SimulatorConfig, SimulatorConfig>? Change { get; init; }

    /// <summary>
    /// The rate up to which the goals are kept; null when they never are. It is the rate at which the requests of this draw really came, which is off by
    /// chance from the one that they were drawn at: so what remains of chance is only what the server makes of it.
    /// </summary>
    /// <param name="guess">Where to begin. Above 0.</param>
    /// <param name="stride">First stride away from it, a factor above 1.</param>
    /// <param name="tolerance">How precisely, as a share.</param>
    public double? Find(double guess, double stride, double tolerance)
    {
        double most = dial.HasPace ? MostServed(guess) : double.PositiveInfinity;
        if (goal.Objectives.Count == 0 && goal.GoodputShare is null)
        {
            return most; // Counted where nobody came too few or too many.
        }

        RateSearch.Found? found = RateSearch.Find(
            rate => rate < most ? goal.Judge(Run(rate), judgesPace: false).Ratio : double.PositiveInfinity, Math.Min(guess, most / stride), stride, tolerance, guess * Loneliest);
        return found is not { } rates ? null
            : dial.IsTrace ? rates.Kept // There is no other draw that might do better.
            : Math.Min(rates.Crossing, most) * _chance;
    }

    /// <summary>A run without what takes long to work out.</summary>
    /// <param name="rate">The rate; infinite for all at once.</param>
    public SimulationStatistics Run(double rate)
    {
        onRun();
        SimulationStatistics statistics = dial.At(rate, Requests, Replication, Change).RunPart(long.MaxValue, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (dial.HasPace && double.IsFinite(rate) && statistics is { ArrivalSpan.Nanoseconds: > 0, TotalRequests: > 1 })
        {
            _chance = (statistics.TotalRequests - 1) / statistics.ArrivalSpan.Seconds / rate;
        }

        return statistics;
    }

    /// <summary>The rate at which requests are taken up when there is always one waiting: more can come for a while only.</summary>
    private double MostServed(double guess)
    {
        double rate = guess * (dial.IsCurved ? CurvedOverload : Overload);
        for (int i = 0; ; i++)
        {
            SimulationStatistics statistics = Run(rate);
            if (statistics.Queue is not { IsBeyondCapacity: false } || i == MostOverloads)
            {
                return statistics.Queue?.StartsPerSecond ?? statistics.RequestsPerSecond;
            }

            rate *= Overload;
        }
    }
}
