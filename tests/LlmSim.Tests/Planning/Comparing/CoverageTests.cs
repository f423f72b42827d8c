using LlmSim.Planning.Comparing;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Planning.Comparing;

/// <summary>Whether intervals hold what they promise.</summary>
public sealed class CoverageTests
{
    // A change of nothing at all that still sends single requests other ways.
    private const double Nudge = 1.0001;

    private const double HalfADigit = 0.0005;

    [Fact]
    public void They_hold_the_differences_of_far_longer_runs()
    {
        (int inside, int all) = (0, 0);
        foreach ((SimulatorConfig a, SimulatorConfig b) in Pairs.All)
        {
            DifferenceIntervals truth = Pairs.Compare(a.Of(99, 60_000), b.Of(99, 60_000)).With(1);
            for (ulong seed = 0; seed < 4; seed++)
            {
                foreach ((ComparedFigure figure, Difference difference) in Pairs.Compare(a.Of(seed, 1000), b.Of(seed, 1000)).Differences(1))
                {
                    double change = truth.Of(figure)!.Change!.Value;
                    inside += change >= difference.Low - HalfADigit && change <= difference.High + HalfADigit ? 1 : 0;
                    all++;
                }
            }
        }

        Assert.Equal(Pairs.All.Count * 4 * 14, all);
        Assert.InRange((double)inside / all, 0.93, 1);
    }

    [Fact]
    public void Where_nothing_differs_hardly_any_difference_is_called_real()
    {
        SimulatorConfig b = Pairs.Base with { Host = HostSpec.Resolve(Pairs.Base) };
        b = b with { Host = b.Host with { StepSeconds = b.Host.StepSeconds * Nudge, HttpSeconds = b.Host.HttpSeconds * Nudge } };
        (int real, int all) = (0, 0);
        for (ulong seed = 0; seed < 12; seed++)
        {
            foreach ((ComparedFigure _, Difference difference) in Pairs.Compare(Pairs.Base.Of(seed, 1000), b.Of(seed, 1000)).Differences(1))
            {
                real += difference.IsReal ? 1 : 0;
                all++;
            }
        }

        Assert.True(real <= 0.05 * all, $"{real} of {all}");
    }

    [Fact]
    public void They_hold_the_differences_where_the_model_is_wrong_as_it_believes_it_may_be()
    {
        (SimulatorConfig a, SimulatorConfig b) = Pairs.All[3];
        ScenarioComparison comparison = Pairs.Compare(a, b, UncertaintyMode.Fast);
        IReadOnlyList<IReadOnlyList<ErrorFactor>> errors = SharedErrors.Of([a, b], ServingResidual.Default);
        var random = new Random(7);
        (int inside, int all) = (0, 0);
        for (int world = 0; world < 30; world++)
        {
            double[] normals = [.. errors[0].Select(_ => Normal(random))];
            DifferenceIntervals truth = Pairs.Compare(Wrong(a, errors[0], normals), Wrong(b, errors[1], normals)).With(1);
            foreach ((ComparedFigure figure, Difference difference) in comparison.Differences(1))
            {
                double change = truth.Of(figure)!.Change!.Value;
                inside += change >= difference.Low - HalfADigit && change <= difference.High + HalfADigit ? 1 : 0;
                all++;
            }
        }

        // Figures of one world go together, so that 30 worlds say less than 420 figures.
        Assert.InRange((double)inside / all, 0.88, 1);
    }

    [Fact]
    public void Sharing_requests_and_errors_makes_them_far_narrower()
    {
        (SimulatorConfig a, SimulatorConfig b) = Pairs.All[2];
        ScenarioComparison comparison = Pairs.Compare(a, b, UncertaintyMode.Fast);
        DifferenceIntervals paired = comparison.With(1);
        ComparedFigure figure = ComparedFigure.All.Single(one => one.Key == "e2el_mean");
        (double noise, double model) = (0, 0);
        foreach (ContenderRuns run in comparison.Runs)
        {
            double[] logs = [.. run.Replications.Select(one => Math.Log(figure.Of(one)!.Value))];
            double mean = logs.Average();
            noise += logs.Sum(log => (log - mean) * (log - mean)) / (logs.Length - 1);
            model += Math.Pow(run.Drawn!.Of(figure.Of)!.Up, 2);
        }

        Difference difference = paired.Of(figure)!;
        Assert.InRange(difference.Noise / (2.13 * Math.Sqrt(noise)), 0, 0.5);
        Assert.InRange(difference.Model / (1.96 * Math.Sqrt(model)), 0, 0.5);
    }

    private static SimulatorConfig Wrong(SimulatorConfig config, IReadOnlyList<ErrorFactor> errors, double[] normals)
    {
        for (int i = 0; i < errors.Count; i++)
        {
            config = errors[i].Scale(config, Math.Exp(errors[i].Deviation * normals[i]));
        }

        return config;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
