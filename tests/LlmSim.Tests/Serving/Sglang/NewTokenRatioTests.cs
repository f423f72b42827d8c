using LlmSim.Serving.Sglang;

namespace LlmSim.Tests.Serving.Sglang;

/// <summary>The share of their limits that running requests are expected to use.</summary>
public sealed class NewTokenRatioTests
{
    [Fact]
    public void It_falls_to_its_least_over_600_steps_and_starts_anew_when_idle()
    {
        var ratio = new NewTokenRatio(1);
        Assert.Equal(0.7, ratio.Value);
        ratio.Decay();
        Assert.Equal(0.7 - ((0.7 - (0.7 * 0.14)) / 600), ratio.Value);
        ratio.Decay(1000);
        Assert.Equal(0.7 * 0.14, ratio.Value);
        ratio.Reset();
        Assert.Equal(0.7, ratio.Value);
    }

    [Fact]
    public void Many_steps_at_once_are_as_many_one_by_one()
    {
        var one = new NewTokenRatio(0.3);
        var other = one;
        for (int i = 0; i < 321; i++)
        {
            one.Decay();
        }

        other.Decay(321);
        Assert.Equal(one.Value, other.Value);
    }

    // Two requests left with 30 and 10 tokens out of 100 and 60: (40 + 2 · 20) / 161.
    [Fact]
    public void A_retraction_sets_it_to_what_the_others_have_used()
    {
        var ratio = new NewTokenRatio(1);
        ratio.Retract(2, 40, 160);
        Assert.Equal(80 / 161.0, ratio.Value);
        ratio.Retract(1, 400, 10);
        Assert.Equal(1, ratio.Value);
    }

    [Fact]
    public void It_is_never_more_than_one() => Assert.Equal(1, new NewTokenRatio(5).Value);
}
