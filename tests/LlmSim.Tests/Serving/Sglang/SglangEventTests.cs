using CsCheck;

namespace LlmSim.Tests.Serving.Sglang;

/// <summary>What observers are told of SGLang's engines: tokens in flight that are dropped never come out.</summary>
public sealed class SglangEventTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Conservation_limits_and_order_hold_in_any_scenario(bool stepByStep) =>
        SglangScenario.Drawn.Where(scenario => scenario.Replicas == 1).Sample(
            scenario =>
            {
                var observer = new InvariantObserver(scenario.Limits);
                ExactMeter meter = scenario.Run(stepByStep, observer);
                observer.CheckEnd();
                Assert.Equal(scenario.Requests.Count, meter.Records.Count + meter.RejectedCount);
                Assert.All(meter.Records, r => Assert.True(
                    r.Arrival <= r.Ready && r.Ready <= r.Scheduled && r.Scheduled <= r.FirstToken && r.FirstToken <= r.Finish));
            },
            iter: 500);

    [Fact]
    public void Observing_changes_nothing() =>
        SglangScenario.Drawn.Sample(
            scenario => Assert.Equal(
                scenario.Run(false).Fingerprint(), scenario.Run(false, new InvariantObserver(scenario.Limits)).Fingerprint()),
            iter: 500);

    [Fact]
    public void Both_engines_tell_the_same_story() =>
        SglangScenario.Drawn.Sample(
            scenario =>
            {
                var fast = new StoryObserver();
                var plain = new StoryObserver();
                scenario.Run(false, fast);
                scenario.Run(true, plain);
                Assert.Equal(plain.Lines, fast.Lines);
            },
            iter: 500);
}
