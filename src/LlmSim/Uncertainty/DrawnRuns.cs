using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Uncertainty;

/// <summary>The same requests served once as they are and once for every draw of the errors.</summary>
/// <typeparam name="T">What comes out of a run.</typeparam>
internal sealed class DrawnRuns<T>
{
    /// <summary>As many threads as there are cores.</summary>
    public const int AllCores = -1;

    // Beyond this a ratio says "unlimited" and no more.
    private const double LargestLog = 7;

    private readonly DrawPlan _plan;
    private readonly T _plain;
    private readonly T[] _drawn;

    private DrawnRuns(IReadOnlyList<ErrorFactor> factors, DrawPlan plan, T plain, T[] drawn)
    {
        Factors = factors;
        _plan = plan;
        _plain = plain;
        _drawn = drawn;
    }

    /// <summary>The errors.</summary>
    public IReadOnlyList<ErrorFactor> Factors { get; }

    /// <summary>How many draws there were.</summary>
    public int Draws => _plan.Draws;

    /// <summary>Simulates, on all cores; the result does not depend on how many there are.</summary>
    /// <param name="config">The scenario.</param>
    /// <param name="factors">The errors.</param>
    /// <param name="twoSizes">Whether errors come in two sizes, in twice as many draws.</param>
    /// <param name="simulate">Runs a scenario; called from several threads at once, with the same requests each time.</param>
    /// <param name="threads">Most threads; <see cref="AllCores"/> for as many as there are cores.</param>
    /// <param name="cancellation">Stops between runs.</param>
    /// <exception cref="ConfigException">A scenario cannot be simulated.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static DrawnRuns<T> Simulate(
        SimulatorConfig config, IReadOnlyList<ErrorFactor> factors, bool twoSizes, Func<SimulatorConfig, T> simulate,
        int threads = AllCores, CancellationToken cancellation = default)
    {
        var plan = new DrawPlan(factors, twoSizes);
        config = config with { SharedTimes = new() };
        T[] results = Jobs.Run(plan.Draws + 1, i => simulate(i == plan.Draws ? config : plan.Scenario(config, i)), threads, cancellation);
        return new DrawnRuns<T>(factors, plan, results[^1], results[..^1]);
    }

    /// <summary>The same runs, of each of which something else is kept.</summary>
    public DrawnRuns<TOther> Select<TOther>(Func<T, TOther> select) => new(Factors, _plan, select(_plain), [.. _drawn.Select(select)]);

    /// <summary>These runs and others, under the same plan of draws, pair by pair.</summary>
    /// <param name="other">The others, of as many errors; the same error stands in the same place.</param>
    /// <param name="join">Makes one of two runs of the same draw.</param>
    public DrawnRuns<TJoined> Zip<TOther, TJoined>(DrawnRuns<TOther> other, Func<T, TOther, TJoined> join) =>
        new(Factors, _plan, join(_plain, other._plain), [.. _drawn.Zip(other._drawn, join)]);

    /// <summary>In how many draws something is so.</summary>
    public int Count(Func<T, bool> isSo) => _drawn.Count(isSo);

    /// <summary>How a figure moves; null where it is 0 or missing as things are, or missing in a draw.</summary>
    /// <param name="figure">Reads it off a run. Not below 0.</param>
    public FigureSpread? Of(Func<T, double?> figure)
    {
        if (figure(_plain) is not { } plain || !(plain > 0))
        {
            return null;
        }

        double[] effects = new double[Factors.Count];
        (double down, double up) = (0, 0);
        for (int draw = 0; draw < _drawn.Length; draw++)
        {
            if (figure(_drawn[draw]) is not { } value)
            {
                return null;
            }

            double change = value > 0 ? Math.Clamp(DeterministicMath.Log(value / plain), -LargestLog, LargestLog) : -LargestLog;
            down += change < 0 ? change * change : 0;
            up += change > 0 ? change * change : 0;
            for (int i = 0; i < effects.Length; i++)
            {
                effects[i] += change * _plan.At(draw, i) / _drawn.Length;
            }
        }

        // Half of the draws are above where a figure moves in proportion: the variance on one side is twice its share.
        return new FigureSpread(Math.Sqrt(2 * down / _drawn.Length), Math.Sqrt(2 * up / _drawn.Length), effects);
    }
}
