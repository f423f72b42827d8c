using LlmSim.Metrics;

namespace LlmSim.Planning.Sweeps;

/// <summary>What came out of one run of a sweep.</summary>
/// <param name="Point">Its point, counted from 0.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Bottleneck">What limits the deployment.</param>
/// <param name="Figures">As many as <see cref="SweepFigures.All"/>; not a number where there is none. Empty unless the run was simulated.</param>
/// <param name="Problem">Why it could not be simulated; empty if it was.</param>
internal sealed record SweepRow(long Point, RunStatus Status, BottleneckKind Bottleneck, double[] Figures, string Problem)
{
    /// <summary>A figure; null where there is none.</summary>
    /// <param name="figure">Its place in <see cref="SweepFigures.All"/>.</param>
    public double? Figure(int figure) => figure < Figures.Length && !double.IsNaN(Figures[figure]) ? Figures[figure] : null;

    /// <summary>The row of a run that was simulated.</summary>
    public static SweepRow Of(long point, SimulationStatistics statistics)
    {
        double[] figures = new double[SweepFigures.All.Count];
        for (int i = 0; i < figures.Length; i++)
        {
            figures[i] = SweepFigures.All[i].Of(statistics) ?? double.NaN;
        }

        return new SweepRow(point, RunStatus.Ok, statistics.Bottleneck.Kind, figures, "");
    }

    /// <summary>The row of a run that could not be simulated.</summary>
    public static SweepRow Failed(long point, RunStatus status, string problem) => new(point, status, BottleneckKind.Unknown, [], problem);
}
