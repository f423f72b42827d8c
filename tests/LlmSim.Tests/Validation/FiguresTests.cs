using LlmSim.Simulation;
using LlmSim.Validation;

namespace LlmSim.Tests.Validation;

/// <summary>What is compared, by hand.</summary>
public sealed class FiguresTests
{
    private static readonly MeasuredRequest[] Requests =
    [
        new(At(0), 10, 11, -1, null), new(At(1), 10, 1, -1, null), new(At(2), 10, 21, -1, null), new(At(3), 10, 5, -1, null),
    ];

    // The last one failed.
    private static readonly RequestTimes?[] Times = [Times2(0.5, 1.5), Times2(0.25, 0.25), Times2(0.75, 4.75), null];

    [Fact]
    public void Means_percentiles_and_throughput()
    {
        Figures all = Figures.Of(Requests, Times, fromNs: 0);
        Assert.Equal(0.5, all.MeanTtft);
        Assert.Equal(0.5 + (0.98 * 0.25), all.P99Ttft!.Value, 12); // place 0.99 · 2 among 0.25, 0.5, 0.75
        Assert.Equal((0.1 + 0.2) / 2, all.MeanTpot!.Value, 12); // one token has none
        Assert.Equal((1.5 + 0.25 + 4.75) / 3, all.MeanE2e!.Value, 12);
        Assert.Equal(33 / 6.75, all.TokensPerSecond!.Value, 12);
        Assert.Equal((3, 1), (all.Answered, all.Failed));
    }

    [Fact]
    public void The_first_seconds_can_be_left_out()
    {
        Figures rest = Figures.Of(Requests, Times, fromNs: 2_000_000_000);
        Assert.Equal((0.75, 0.2, 21 / 4.75, 1, 1), (rest.MeanTtft, Math.Round(rest.MeanTpot!.Value, 12), rest.TokensPerSecond, rest.Answered, rest.Failed));
        Figures none = Figures.Of(Requests, Times, fromNs: 3_000_000_000);
        Assert.Equal((null, null, null, 0, 1), (none.MeanTtft, none.P99E2e, none.TokensPerSecond, none.Answered, none.Failed));
    }

    [Fact]
    public void Errors_are_signed_and_their_mean_is_not()
    {
        Figure ttft = Figure.All[0];
        Comparison low = Compare(0.1, 0.08), high = Compare(0.1, 0.14);
        Assert.Equal((-0.2, 0.4), (Math.Round(low.Error(ttft)!.Value, 12), Math.Round(high.Error(ttft)!.Value, 12)));
        Assert.Equal(0.3, Comparison.MeanAbsoluteError([low, high, Compare(null, 1), Compare(1, null)], ttft)!.Value, 12);
        Assert.Null(Comparison.MeanAbsoluteError([Compare(null, null)], ttft));

        static Comparison Compare(double? measured, double? simulated) =>
            new(new Figures { MeanTtft = measured }, new Figures { MeanTtft = simulated });
    }

    private static SimTime At(double seconds) => SimTime.FromSeconds(seconds);

    private static RequestTimes Times2(double first, double last) => new(At(first), At(last));
}
