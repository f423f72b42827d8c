using CsCheck;

namespace LlmSim.Tests.Serving.Sglang;

/// <summary>SGLang's fast engine against the plain one: every time, count and integral, to the last quantum.</summary>
/// <remarks>Set LLMSIM_SCENARIOS=20000 for a long run.</remarks>
public sealed class FastSglangTests
{
    private static readonly int Scenarios =
        int.TryParse(Environment.GetEnvironmentVariable("LLMSIM_SCENARIOS"), out int n) ? n : 2000;

    [Fact]
    public void Agree_to_the_last_quantum_on_random_scenarios() => Compare(SglangScenario.Drawn);

    [Fact]
    public void Agree_to_the_last_quantum_when_arrivals_depend_on_answers() => Compare(SglangScenario.ClosedLoop);

    private static void Compare(Gen<EngineScenario> drawn)
    {
        long runs = 0;
        long thrownOut = 0;
        drawn.Sample(
            scenario =>
            {
                ExactMeter fast = scenario.Run(stepByStep: false);
                ExactMeter plain = scenario.Run(stepByStep: true);
                Interlocked.Add(ref runs, fast.Runs);
                Interlocked.Add(ref thrownOut, fast.Preemptions);
                Assert.Equal(plain.Fingerprint(), fast.Fingerprint());
                Assert.Equal(plain.ArrivedCount, plain.RejectedCount + plain.Records.Count);
            },
            iter: Scenarios);

        Assert.True(runs > Scenarios, $"only {runs} decode runs were jumped: the scenarios no longer test much");
        Assert.True(thrownOut > Scenarios / 4, $"only {thrownOut} were thrown out: the scenarios no longer test much");
    }
}
