using LlmSim.Scenarios;

namespace LlmSim.Planning.Sweeps;

/// <summary>A sweep: a scenario, and fields of it that take every combination of some values.</summary>
internal sealed class SweepSpec
{
    /// <summary>Most runs of a sweep.</summary>
    public const int MostRuns = 10_000_000;

    /// <summary>Crosses dimensions.</summary>
    /// <param name="scenario">The scenario as given, to which all runs keep but for the axes.</param>
    /// <param name="dimensions">Axes that move together, and those on their own. All of one dimension have as many values.</param>
    public SweepSpec(ScenarioNode scenario, IReadOnlyList<IReadOnlyList<SweepAxis>> dimensions)
    {
        Scenario = scenario;
        Dimensions = dimensions;
        Grid = new SweepGrid(dimensions.Select(axes => axes[0].Values.Count));
    }

    /// <summary>The scenario as given.</summary>
    public ScenarioNode Scenario { get; }

    /// <summary>The axes of each dimension.</summary>
    public IReadOnlyList<IReadOnlyList<SweepAxis>> Dimensions { get; }

    /// <summary>The points.</summary>
    public SweepGrid Grid { get; }

    /// <summary>The axes as results show them.</summary>
    public IReadOnlyList<IReadOnlyList<SweepColumn>> Columns =>
        [.. Dimensions.Select(axes => (IReadOnlyList<SweepColumn>)[.. axes.Select(axis => new SweepColumn(axis.Path.Name, [.. axis.Values.Select(NodeText.Of)]))])];

    /// <summary>The scenario of a point, as given.</summary>
    /// <param name="point">The point, counted from 0.</param>
    /// <exception cref="Specs.ConfigException">An axis is about a list that the scenario does not have.</exception>
    public ScenarioNode At(long point)
    {
        ScenarioNode scenario = Scenario;
        for (int dimension = 0; dimension < Dimensions.Count; dimension++)
        {
            int place = Grid.At(point, dimension);
            foreach (SweepAxis axis in Dimensions[dimension])
            {
                scenario = axis.Path.Set(scenario, axis.Values[place]);
            }
        }

        return scenario;
    }
}
