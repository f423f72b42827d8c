using CsCheck;
using LlmSim.Calibration;

namespace LlmSim.Tests.Calibration;

/// <summary>What measurements add to a fitted form.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public void Is_straight_between_doublings()
    {
        // 1 at one item, +10% at two, +30% at four; a form of one second.
        Surface surface = Of([0, 100, 300]);
        Assert.Equal([1, 1.1, 1.3, 1.3], new[] { 1.0, 2, 4, 100 }.Select(first => surface.Seconds(first, 1, _ => 1)));
        Assert.Equal(1.2, surface.Seconds(Math.Sqrt(8), 1, _ => 1), 12);
    }

    [Fact]
    public void Stays_where_it_falls_until_the_form_has_caught_up()
    {
        // +50% at two items and 0% at four: two take 3 s, and only three are as many again.
        Surface surface = Of([0, 500, 0]);
        Assert.Equal([1, 3, 3, 3.5, 4], new[] { 1.0, 2, 3, 3.5, 4 }.Select(first => surface.Seconds(first, 1, items => items)));
    }

    [Fact]
    public void Never_falls_with_the_first_quantity() => Gen.Select(
        Gen.Int[-400, 400].Array[1, 8], Gen.Double[1, 300], Gen.Double[0, 50], Gen.Double[0, 3]).Sample((thousandths, first, more, slope) =>
        {
            Surface surface = Of(thousandths);
            double Form(double items) => 1 + slope * Math.Floor(items / 7);
            Assert.True(surface.Seconds(first + more, 1, Form) >= surface.Seconds(first, 1, Form) - 1e-12);
        });

    [Fact]
    public void Is_the_most_that_any_number_up_to_the_first_quantity_takes() => Gen.Select(
        Gen.Int[-400, 400].Array[8], Gen.Double[1, 300], Gen.Double[0, 50], Gen.Double[0, 3]).Sample((thousandths, first, fixedSeconds, slope) =>
        {
            double Form(double items) => fixedSeconds + slope * items;
            double Factor(int row) => 1 + thousandths[Math.Min(row, thousandths.Length - 1)] / 1000.0;
            double doublings = Math.Min(Surface.Doublings(first), thousandths.Length - 1);
            int row = (int)doublings;
            double here = Math.Min(Factor(row + 1), Factor(row) + (doublings - row) * (Factor(row + 1) - Factor(row)));
            double most = Enumerable.Range(0, row + 1).Max(before => Factor(before) * Form(1 << before));
            Assert.Equal(Math.Max(most, here * Form(first)), Of(thousandths).Seconds(first, 1, Form), 9);
        });

    [Fact]
    public void A_measured_expert_layer_is_what_was_measured_at_doublings_and_straight_between()
    {
        var layer = new ExpertLayer { Experts = 8, Width = 7168, Hidden = 4096, PerToken = 2, Thousandths = [0, 100, -300] };

        // A form of a second a token: 1, 2.2 and 2.8 s at one, two and four tokens, and the last one's share beyond.
        Assert.Equal([1, 2.2, 2.5, 2.8, 5.6], new long[] { 1, 2, 3, 4, 8 }.Select(tokens => Math.Round(layer.Seconds(tokens, ofTokens => ofTokens), 9)));
    }

    private static Surface Of(int[] thousandths) => new() { Thousandths = [.. thousandths.Select(number => (IReadOnlyList<int>)[number])] };
}
