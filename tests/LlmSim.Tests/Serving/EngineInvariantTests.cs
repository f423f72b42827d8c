using CsCheck;

namespace LlmSim.Tests.Serving;

public sealed class EngineInvariantTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Conservation_limits_and_order_hold_in_any_scenario(bool stepByStep) =>
        EngineScenario.Drawn.Sample(
            scenario =>
            {
                var observer = new InvariantObserver(scenario.Limits);
                ExactMeter meter = scenario.Run(stepByStep, observer);
                observer.CheckEnd();
                Assert.Equal(scenario.Requests.Count, meter.Records.Count + meter.RejectedCount + meter.AbortedRequests.Count);
                Assert.All(meter.Records, r => Assert.True(
                    r.Arrival <= r.Ready && r.Ready <= r.Scheduled && r.Scheduled <= r.FirstToken && r.FirstToken <= r.Finish));
            },
            iter: 500);

    [Fact]
    public void Observing_changes_nothing() =>
        EngineScenario.Drawn.Sample(
            scenario =>
            {
                var observer = new InvariantObserver(scenario.Limits);
                Assert.Equal(scenario.Run(false).Fingerprint(), scenario.Run(false, observer).Fingerprint());
                Assert.True(observer.Events > 0);
            },
            iter: 500);

    [Fact]
    public void Both_engines_tell_the_same_story() => Compare(EngineScenario.Drawn);

    [Fact]
    public void Both_engines_tell_the_same_story_where_blocks_are_reserved() => Compare(EngineScenario.Reserving);

    private static void Compare(Gen<EngineScenario> drawn) =>
        drawn.Sample(
            scenario =>
            {
                var fast = new StoryObserver();
                var plain = new StoryObserver();
                scenario.Run(false, fast);
                scenario.Run(true, plain);
                Assert.Equal(plain.Lines, fast.Lines);
            },
            iter: 300);
}
