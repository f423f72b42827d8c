using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Uncertainty;

public sealed class DrawPlanTests
{
    [Theory]
    [InlineData(1, false, 16)]
    [InlineData(8, false, 16)]
    [InlineData(9, false, 32)]
    [InlineData(8, true, 32)]
    public void Errors_are_as_large_as_they_should_be_mirrored_and_do_not_go_together(int factors, bool twoSizes, int draws)
    {
        var plan = new DrawPlan([.. Enumerable.Range(0, factors).Select(Error)], twoSizes);
        Assert.Equal(draws, plan.Draws);
        for (int i = 0; i < factors; i++)
        {
            Assert.Equal(0, Sum(draw => plan.At(draw, i)), 12);
            Assert.Equal(draws, Sum(draw => plan.At(draw, i) * plan.At(draw, i)), 3);
            for (int j = 0; j < i; j++)
            {
                Assert.Equal(0, Sum(draw => plan.At(draw, i) * plan.At(draw, j)), 12);
                Assert.All(Enumerable.Range(0, factors), k => Assert.Equal(0, Sum(draw => plan.At(draw, i) * plan.At(draw, j) * plan.At(draw, k)), 9));
            }
        }

        double Sum(Func<int, double> of) => Enumerable.Range(0, draws).Sum(of);
    }

    [Fact]
    public void A_scenario_has_every_error_of_its_draw()
    {
        SimulatorConfig config = DefaultScenario.Create();
        var plan = new DrawPlan([Error(0), Error(1)], twoSizes: false);
        foreach (int draw in Enumerable.Range(0, plan.Draws))
        {
            double expected = Math.Exp((0.1 * plan.At(draw, 0)) + (0.1 * plan.At(draw, 1)));
            Assert.Equal(expected, plan.Scenario(config, draw).Host.StepSeconds / config.Host.StepSeconds, 12);
        }
    }

    // All on the same constant.
    private static ErrorFactor Error(int index) => new($"{index}", 0.1, "test",
        (config, factor) => config with { Host = config.Host with { StepSeconds = config.Host.StepSeconds * factor } });
}
