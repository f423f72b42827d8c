using CsCheck;
using LlmSim.Calibration;
using LlmSim.Catalog;
using LlmSim.Costs;

namespace LlmSim.Tests.Costs;

public sealed class DecodeCurveTests
{
    [Fact]
    public void The_grid_is_0_and_16_and_four_to_each_doubling()
    {
        Assert.Equal([0, 16, 20, 24, 28, 32, 40], Enumerable.Range(0, 7).Select(DecodeGrid.Start));
        Gen.Long[0, 1L << 40].Sample(mean =>
        {
            int piece = DecodeGrid.PieceOf(mean);
            Assert.InRange(mean, DecodeGrid.Start(piece), DecodeGrid.Start(piece + 1) - 1);
        });
    }

    [Fact]
    public void Pieces_follow_the_formula_within_a_thousandth_and_join_without_a_step() => Gen.Select(
        Gen.OneOf(KernelProfiles.Gpus.ToArray()), Gen.Int[1, 1024], Gen.Int[1, 200_000], Gen.OneOf((32, 8), (16, 2), (32, 32)))
        .Sample((name, sequences, mean, heads) =>
        {
            Func<int, double, double> formula = Formula(name, heads.Item1, heads.Item2);
            var curve = new DecodeCurve(formula, 1024);
            long context = (long)sequences * mean;
            double expected = formula(sequences, context);
            Assert.InRange(CostRows.Seconds(curve.At(sequences, context).Quanta(context)) / expected, 0.999, 1.001);
            DecodePiece piece = curve.Piece(sequences, DecodeGrid.PieceOf(mean));
            DecodePiece next = curve.Piece(sequences, DecodeGrid.PieceOf(mean) + 1);
            Assert.Equal((piece.End, piece.Quanta(piece.End)), (next.Start, next.First));
            Assert.True(piece.Slope >= 0);
        });

    [Fact]
    public void Batches_beyond_those_remembered_cost_the_same()
    {
        Func<int, double, double> formula = Formula("h100-80gb-sxm", 32, 8);
        Assert.Equal(new DecodeCurve(formula, 100).At(77, 54_321), new DecodeCurve(formula, 10).At(77, 54_321));
    }

    [Fact]
    public void A_tally_of_runs_is_that_of_their_steps() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 5000], Gen.Int[1, 3000]).Sample((sequences, mean, steps) =>
    {
        var run = new DecodeTally(40);
        run.AddRun(sequences, (long)sequences * mean, steps);
        var one = new DecodeTally(40);
        for (int i = 0; i < steps; i++)
        {
            one.Add(sequences, (long)sequences * (mean + i));
        }

        Assert.Equal(one.All().OrderBy(entry => entry.Piece), run.All().OrderBy(entry => entry.Piece));
        Assert.Equal(steps, run.All().Sum(entry => entry.Steps));
    });

    private static Func<int, double, double> Formula(string name, int heads, int kvHeads)
    {
        var gpu = GpuCatalog.Get(name);
        KernelProfile profile = KernelProfiles.For(gpu);
        DecodeCoefficients decode = profile.Decode.FirstOrDefault(one => one.Grouped == heads > kvHeads) ?? profile.Decode[0];
        var rates = new GpuRates(gpu.Fp16FlopsPerSecond, gpu.MemoryBytesPerSecond, gpu.Multiprocessors!.Value);
        return (sequences, context) => 32 * decode.Seconds(rates, sequences, context, heads, kvHeads, 4.0 * 128 * kvHeads * context);
    }
}
