using LlmSim.Calibration;
using LlmSim.Costs;
using LlmSim.Metrics;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>Simulates points of a sweep, one after the other; each thread has its own.</summary>
/// <param name="sweep">The sweep.</param>
internal sealed class PointRunner(SweepSpec sweep)
{
    private readonly SharedCostModel _cost = new();

    /// <summary>Simulates a point; null if it was stopped.</summary>
    /// <param name="point">The point, counted from 0.</param>
    /// <param name="stop">Stops the simulation.</param>
    /// <exception cref="ConfigException">A file of the workload cannot be read.</exception>
    public SweepRow? Run(long point, CancellationToken stop)
    {
        SimulatorConfig? config = null;
        LlmInferenceSimulator simulator;
        try
        {
            config = ScenarioReader.Read(sweep.At(point)) with { SharedCostModel = _cost };
            simulator = new LlmInferenceSimulator(config);
        }
        catch (ConfigException e)
        {
            return SweepRow.Failed(point, config is not null && HasProfile(config) ? RunStatus.DoesNotFit : RunStatus.NotPossible,
                string.Join(" ", e.Problems.Select(problem => $"{problem with { Field = WithoutPlace(problem.Field) }}")));
        }

        SimulationMetrics metrics = simulator.Run(stop);
        return metrics.IsPartial ? null : SweepRow.Of(point, metrics.ComputeStatistics());
    }

    private static bool HasProfile(SimulatorConfig config)
    {
        try
        {
            KernelProfiles.For(config);
            return true;
        }
        catch (ConfigException)
        {
            return false;
        }
    }

    // The same whichever folder the sweep is started from.
    private static string WithoutPlace(string field)
    {
        int place = field.LastIndexOf(": ", StringComparison.Ordinal);
        return place < 0 ? field : field[(place + 2)..];
    }
}
