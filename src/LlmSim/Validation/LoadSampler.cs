using LlmSim.Metrics;
using LlmSim.Simulation;

namespace LlmSim.Validation;

/// <summary>Keeps how full a simulated server was at given moments: each the mean of the interval that it falls into.</summary>
/// <param name="moments">The moments in order.</param>
internal sealed class LoadSampler(IReadOnlyList<SimTime> moments) : SeriesSink
{
    /// <summary>Length of an interval that is about a step, so that a level is what a gauge would show.</summary>
    public static readonly SimTime Instant = SimTime.FromSeconds(0.02);

    private readonly LoadPoint[] _points = new LoadPoint[moments.Count];
    private int _next;

    /// <summary>A point for each moment; after the end of the run nothing runs or waits.</summary>
    public IReadOnlyList<LoadPoint> Points
    {
        get
        {
            for (; _next < _points.Length; _next++)
            {
                _points[_next] = new LoadPoint(moments[_next], 0, 0, 0);
            }

            return _points;
        }
    }

    /// <inheritdoc />
    public override void Write(in SeriesRow row)
    {
        for (SimTime end = row.Start + row.Length; _next < _points.Length && moments[_next] < end; _next++)
        {
            _points[_next] = new LoadPoint(moments[_next], row.Running, row.Waiting, row.KvUsage);
        }
    }
}
