using LlmSim.Metrics;
using LlmSim.Specs;

namespace LlmSim.Tests.Metrics;

/// <summary>Goodput, cost and the queue's trend, worked out by hand.</summary>
public sealed class MeasureTests
{
    // Time to first token of A, B, C: 10, 15, 25 ms; end to end 30, 25, 25; time per output token 10, 10, none.
    [Theory]
    [InlineData(15.0, null, null, 2)] // no longer than 15: A and B
    [InlineData(14.999999, null, null, 1)]
    [InlineData(null, 10.0, null, 3)] // C has one token, and meets it
    [InlineData(null, 9.999999, null, 1)]
    [InlineData(null, null, 25.0, 2)]
    [InlineData(15.0, 10.0, 25.0, 1)] // only B keeps all three
    public void Requests_that_keep_every_objective_are_good(double? ttft, double? tpot, double? e2el, int good)
    {
        var objectives = new SloSpec { TtftMilliseconds = ttft, TpotMilliseconds = tpot, E2elMilliseconds = e2el };
        GoodputSummary goodput = Toy.Statistics(objectives).Goodput!;
        Assert.Equal(good, goodput.Requests);
        Assert.Equal(good / 0.040, goodput.RequestsPerSecond, 1e-9);
        Assert.Equal(good / 3.0, goodput.Share, 1e-12);
        Assert.Equal((ttft is null, tpot is null, e2el is null), (goodput.TtftShare is null, goodput.TpotShare is null, goodput.E2elShare is null));
    }

    [Fact]
    public void Each_objective_has_its_share()
    {
        GoodputSummary goodput = Toy.Statistics(new SloSpec { TtftMilliseconds = 12, TpotMilliseconds = 10, E2elMilliseconds = 29 }).Goodput!;
        Assert.Equal((0, 1 / 3.0, 1, 2 / 3.0), (goodput.Requests, goodput.TtftShare!.Value, goodput.TpotShare!.Value, goodput.E2elShare!.Value));
    }

    [Fact]
    public void Without_objectives_or_a_price_nothing_is_worked_out() =>
        Assert.Equal((null, null, null), (Toy.Statistics(new SloSpec()).Goodput, Toy.Statistics().Cost, Toy.Statistics().Peaks));

    // 40 ms at 9 an hour are 0.0001; 6 tokens come out, 606 in all.
    [Fact]
    public void A_million_tokens_cost_what_their_time_costs()
    {
        CostSummary cost = Toy.Statistics(pricePerHour: 9).Cost!;
        Assert.Equal(9, cost.PerHour);
        Assert.Equal(0.0001 / 6 * 1e6, cost.PerMillionOutputTokens!.Value, 1e-9);
        Assert.Equal(0.0001 / 606 * 1e6, cost.PerMillionTotalTokens!.Value, 1e-9);
    }

    [Fact]
    public void A_curve_keeps_its_shape_however_long_it_gets()
    {
        var curve = new CountCurve();
        for (int i = 1; i <= 100_000; i++)
        {
            int at = i % 2 == 0 ? i - 1 : i == 100_000 ? i : i + 1; // in any order
            curve.Add(1_000_000 * (at <= 50_000 ? 10L * at : 500_000 + 30L * (at - 50_000)));
        }

        Assert.Equal(100_000, curve.Count);
        Assert.Equal(0, curve.At(0));
        Assert.Equal(25_000, curve.At(250_000e6), 2.0);
        Assert.Equal(75_000, curve.At(1_250_000e6), 2.0);
        Assert.Equal(100_000, curve.At(1e18));
    }

    [Fact]
    public void Too_few_requests_make_no_trend() => Assert.Null(Toy.Statistics().Queue);
}
