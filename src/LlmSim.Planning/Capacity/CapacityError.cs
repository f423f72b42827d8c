using LlmSim.Planning.Objectives;
using LlmSim.Specs;
using LlmSim.Uncertainty;
using LlmSim.Workloads;

namespace LlmSim.Planning.Capacity;

/// <summary>
/// How far the model's errors move a capacity: kernels and host by searching again, on the same requests, with these errors drawn; what measured servers
/// leave unexplained by searching with bounds that are so much wider and narrower.
/// </summary>
internal sealed class CapacityError
{
    private const double Stride = 1.06;
    private const double Tolerance = 0.01;

    private readonly FigureSpread _spread;
    private readonly double _unexplained;

    private CapacityError(FigureSpread spread, double unexplained)
    {
        _spread = spread;
        _unexplained = unexplained;
    }

    /// <summary>Deviation of the rate's logarithm.</summary>
    public double Deviation => Math.Sqrt((((_spread.Down * _spread.Down) + (_spread.Up * _spread.Up)) / 2) + (_unexplained * _unexplained));

    /// <summary>Finds it; null where a draw has no capacity.</summary>
    /// <param name="config">The scenario.</param>
    /// <param name="goal">What is kept.</param>
    /// <param name="dial">Its load.</param>
    /// <param name="rate">The capacity as things are.</param>
    /// <param name="requests">Requests of a run.</param>
    /// <param name="options">How precisely.</param>
    /// <param name="countRun">Told of every run.</param>
    /// <param name="cancellation">Stops between runs.</param>
    public static CapacityError? Of(
        SimulatorConfig config, ServiceGoal goal, LoadDial dial, double rate, long requests, CapacityOptions options, Action countRun,
        CancellationToken cancellation)
    {
        bool isFull = options.Uncertainty == UncertaintyMode.Full;
        long length = isFull ? requests : Math.Min(requests, FigureIntervals.FastRequests);
        ServingResidual residual = ServingResidual.Default;
        DrawnRuns<double?> draws = DrawnRuns<double?>.Simulate(
            config, ModelErrors.Of(config, residual), isFull, scenario => Capacity(scenario, goal), options.Threads, cancellation);
        if (draws.Of(one => one) is not { } spread)
        {
            return null;
        }

        double? less = Capacity(config, Moved(goal, residual, -1)), more = Capacity(config, Moved(goal, residual, 1));
        double bounds = less is { } low && more is { } high ? DeterministicMath.Log(high / low) / 2 : 0;
        return new CapacityError(spread, Math.Sqrt((bounds * bounds) + (residual.Rate * residual.Rate)));

        double? Capacity(SimulatorConfig scenario, ServiceGoal kept) =>
            new CapacityProbe(dial, kept, countRun, cancellation) { Requests = length, Change = _ => scenario }.Find(rate, Stride, Tolerance);
    }

    /// <summary>The interval of a capacity.</summary>
    /// <param name="rate">The capacity.</param>
    /// <param name="noise">Deviation of its logarithm from run to run.</param>
    public PredictionInterval Interval(double rate, double noise) => _spread.Interval(rate, noise, _unexplained);

    private static ServiceGoal Moved(ServiceGoal goal, ServingResidual residual, int sign) => goal with
    {
        Objectives = [.. goal.Objectives.Select(objective => objective with
        {
            Limit = Simulation.SimTime.FromSeconds(objective.Limit.Seconds * DeterministicMath.Exp(sign * residual.Of(Kind(objective)))),
        })],
    };

    private static FigureKind Kind(LatencyObjective objective) =>
        (objective.Measure is LatencyMeasure.FirstToken or LatencyMeasure.Queue, objective.Percent >= FigureIntervals.TailPercent) switch
        {
            (true, true) => FigureKind.TailTtft,
            (true, false) => FigureKind.MeanTtft,
            (false, true) => FigureKind.Tail,
            _ => FigureKind.Mean,
        };
}
