using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Uncertainty;

/// <summary>Deviations of figures that can be worked out by hand.</summary>
public sealed class DrawnRunsTests
{
    private static readonly SimulatorConfig Config = DefaultScenario.Create() with { Host = new HostSpec { StepSeconds = 1, SequenceSeconds = 1 } };

    private static readonly ErrorFactor[] Errors =
    [
        new("step", 0.03, "test", (config, factor) => config with { Host = config.Host with { StepSeconds = config.Host.StepSeconds * factor } }),
        new("sequence", 0.04, "test", (config, factor) => config with { Host = config.Host with { SequenceSeconds = config.Host.SequenceSeconds * factor } }),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_product_has_the_root_of_the_sum_of_squares(bool twoSizes)
    {
        FigureSpread spread = Draw(host => host.StepSeconds * host.SequenceSeconds, twoSizes)!;
        Assert.Equal((0.05, 0.05), (Math.Round(spread.Down, 5), Math.Round(spread.Up, 5)));
        Assert.Equal([0.03, 0.04], spread.Effects.Select(effect => Math.Round(effect, 5)));
        PredictionInterval interval = spread.Interval(10, 0.12, 0);
        Assert.Equal((10 * Math.Exp(-1.28155 * 0.13), 10 * Math.Exp(1.28155 * 0.13)), (interval.Low, interval.High), new Near());
        Assert.Equal((0.06 * 0.06) + (0.04 * 0.04), Math.Pow(spread.Resized(0, 2).Up, 2), 6);
        Assert.Equal(0.1, spread.Scaled(2).Down, 5);
    }

    [Fact]
    public void What_grows_out_of_proportion_has_a_longer_upper_end()
    {
        // A queue of load 0.9: waits go up by far more than they come down.
        FigureSpread spread = Draw(host => 1 / Math.Max(0.001, 1 - (0.9 * host.StepSeconds)), twoSizes: false)!;
        Assert.True(spread.Up > 1.3 * spread.Down, $"{spread.Down} down, {spread.Up} up");
    }

    [Fact]
    public void What_is_nothing_or_missing_has_no_deviation()
    {
        Assert.Null(Draw(_ => 0, twoSizes: false));
        Assert.Null(Draw(_ => null, twoSizes: false));
        Assert.Null(Draw(host => host.StepSeconds > 1 ? null : 1, twoSizes: false));
        Assert.Equal((0, 0), (Draw(_ => 7, twoSizes: false)!.Down, Draw(_ => 7, twoSizes: false)!.Up));
    }

    [Fact]
    public void Problems_of_a_draw_are_those_of_the_scenario() => Assert.Equal("field", Assert.Single(Assert.Throws<ConfigException>(() =>
        DrawnRuns<int>.Simulate(Config, Errors, twoSizes: false, _ => throw new ConfigException(new ConfigProblem("field", "value", "allowed", "fix")))).Problems).Field);

    private static FigureSpread? Draw(Func<HostSpec, double?> figure, bool twoSizes) =>
        DrawnRuns<HostSpec>.Simulate(Config, Errors, twoSizes, config => config.Host).Of(figure);

    private sealed class Near : IEqualityComparer<(double Low, double High)>
    {
        public bool Equals((double Low, double High) x, (double Low, double High) y) => Math.Abs(x.Low - y.Low) + Math.Abs(x.High - y.High) < 1e-3;

        public int GetHashCode((double Low, double High) obj) => 0;
    }
}
