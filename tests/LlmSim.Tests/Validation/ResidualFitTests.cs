using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Uncertainty;
using LlmSim.Validation;
using LlmSim.Workloads;

namespace LlmSim.Tests.Validation;

/// <summary>Runs whose errors are known: what is found is what they were made of, and holds 80% of others like them.</summary>
public sealed class ResidualFitTests
{
    private static readonly ServingResidual Drawn = new() { Step = 0.02 };
    private static readonly SimulatorConfig Config = DefaultScenario.Create();
    private static readonly IReadOnlyList<ErrorFactor> Errors = ModelErrors.Of(Config, Drawn);
    private static readonly DrawnRuns<Figures> Runs = DrawnRuns<Figures>.Simulate(Config, Errors, twoSizes: false, Simulate);

    [Theory]
    [InlineData(1, 0.08, 0.05, 0.1)]
    [InlineData(0.5, 0, 0.01, 0.2)]
    [InlineData(0.8, 0, 0.02, 0.15)]
    public void Finds_what_runs_were_made_of(double kernels, double step, double ttft, double tail)
    {
        var truth = new ServingResidual { Kernels = kernels, Step = step, MeanTtft = ttft, TailTtft = tail, Mean = 0.01, Tail = 0.01, Rate = 0.003 };
        Comparison[] runs = Measured(truth, 600, "fitted");
        ServingResidual found = ResidualFit.Of(runs, Drawn);
        Assert.InRange(found.Kernels / kernels, 0.85, 1.15);
        Assert.InRange(found.Step, 0.8 * step, (1.2 * step) + 0.03);
        Assert.InRange(found.TailTtft / tail, 0.7, 1.3);
        Comparison[] others = Measured(truth, 600, "others");
        Assert.InRange(others.Sum(run => ResidualFit.Count(run, found, Drawn).Inside) / (7.0 * others.Length), 0.75, 0.86);
    }

    // A step of products, decode attention and passes, without any queue.
    private static Figures Simulate(SimulatorConfig config)
    {
        double step = (0.6 * config.KernelScales.Gemm) + (0.3 * config.KernelScales.DecodeAttention) + (0.1 * config.KernelScales.MemoryPasses);
        double ttft = step + (0.5 * HostSpec.Resolve(config).IngressSeconds!.Value / 4e-3);
        return new Figures { MeanTtft = ttft, P99Ttft = ttft, MeanTpot = step, P99Tpot = step, MeanE2e = step, P99E2e = step, TokensPerSecond = 1 / step };
    }

    private static Comparison[] Measured(ServingResidual truth, int count, string name)
    {
        var random = new RandomStream(1, name);
        Figures plain = Simulate(Config);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            SimulatorConfig real = Errors.Aggregate(Config, (config, error) => error.Scale(config, Factor(
                error.Name == ModelErrors.Step ? truth.Step : error.Deviation * truth.Kernels)));
            Figures seen = Simulate(real);
            return new Comparison(
                new Figures
                {
                    MeanTtft = seen.MeanTtft * Factor(truth.MeanTtft),
                    P99Ttft = seen.P99Ttft * Factor(truth.TailTtft),
                    MeanTpot = seen.MeanTpot * Factor(truth.Mean),
                    P99Tpot = seen.P99Tpot * Factor(truth.Tail),
                    MeanE2e = seen.MeanE2e * Factor(truth.Mean),
                    P99E2e = seen.P99E2e * Factor(truth.Tail),
                    TokensPerSecond = seen.TokensPerSecond * Factor(truth.Rate),
                },
                plain) { Drawn = Runs };
        })];

        double Factor(double deviation) => Math.Exp(deviation * random.NextNormal());
    }
}
