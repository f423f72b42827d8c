using CsCheck;
using LlmSim.Specs.Engines;

namespace LlmSim.Tests.Serving;

/// <summary>The fast engine against the plain one: every time, count and integral, to the last quantum.</summary>
/// <remarks>Set LLMSIM_SCENARIOS=20000 for a long run.</remarks>
public sealed class FastAgainstPlainTests
{
    private static readonly int Scenarios =
        int.TryParse(Environment.GetEnvironmentVariable("LLMSIM_SCENARIOS"), out int n) ? n : 2000;

    [Fact]
    public void Agree_to_the_last_quantum_on_random_scenarios() => Compare(EngineScenario.Drawn);

    [Fact]
    public void Agree_to_the_last_quantum_when_arrivals_depend_on_answers() => Compare(EngineScenario.ClosedLoop);

    [Fact]
    public void Agree_to_the_last_quantum_when_turns_follow_on_answers() => Compare(EngineScenario.Conversations);

    [Fact]
    public void Agree_to_the_last_quantum_where_blocks_are_reserved()
    {
        long preemptions = 0;
        long runs = 0;
        EngineScenario.Reserving.Sample(
            scenario =>
            {
                ExactMeter fast = scenario.Run(stepByStep: false);
                Assert.Equal(scenario.Run(stepByStep: true).Fingerprint(), fast.Fingerprint());
                Assert.True(fast.Preemptions == 0 || scenario.Limits.Reservation == KvReservation.Prompt);
                Interlocked.Add(ref preemptions, fast.Preemptions);
                Interlocked.Add(ref runs, fast.Runs);
            },
            iter: Scenarios);

        Assert.True(runs > Scenarios, $"only {runs} decode runs were jumped: the scenarios no longer test much");
        Assert.True(preemptions > Scenarios / 4, $"only {preemptions} preemptions: the scenarios no longer test much");
    }

    private static void Compare(Gen<EngineScenario> drawn)
    {
        long runs = 0;
        long preemptions = 0;
        long swaps = 0;
        long hits = 0;
        long refusals = 0;
        long aborts = 0;
        drawn.Sample(
            scenario =>
            {
                ExactMeter fast = scenario.Run(stepByStep: false);
                ExactMeter plain = scenario.Run(stepByStep: true);
                Interlocked.Add(ref runs, fast.Runs);
                Interlocked.Add(ref preemptions, fast.Preemptions);
                Interlocked.Add(ref swaps, fast.Swaps);
                Interlocked.Add(ref hits, fast.Hits);
                Interlocked.Add(ref aborts, fast.AbortedRequests.Count);
                Interlocked.Add(ref refusals, fast.RefusedRequests.Count);
                Assert.Equal(plain.Fingerprint(), fast.Fingerprint());
            },
            iter: Scenarios);

        Assert.True(runs > Scenarios, $"only {runs} decode runs were jumped: the scenarios no longer test much");
        Assert.True(preemptions > Scenarios, $"only {preemptions} preemptions: the scenarios no longer test much");
        Assert.True(hits > Scenarios, $"only {hits} admissions found something: the scenarios no longer test much");
        Assert.True(swaps > Scenarios / 20, $"only {swaps} swaps: the scenarios no longer test much");
        Assert.True(aborts > Scenarios / 2, $"only {aborts} requests were given up: the scenarios no longer test much");
        Assert.True(refusals > Scenarios / 4, $"only {refusals} refusals at a full queue: the scenarios no longer test much");
    }
}
