using CsCheck;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class DeterministicMathTests
{
    private static readonly Gen<double> AnyNormal =
        Gen.Select(Gen.Int[1, 2046], Gen.Long[0, (1L << 52) - 1], (exponent, mantissa) =>
            BitConverter.Int64BitsToDouble(((long)exponent << 52) | mantissa));

    [Fact]
    public void Log_is_within_an_ulp_of_the_platforms_own() =>
        AnyNormal.Sample(x => WithinUlps(DeterministicMath.Log(x), Math.Log(x), 1), iter: 200_000);

    [Fact]
    public void Log_is_within_an_ulp_near_one() =>
        Gen.Double[0.5, 2].Sample(x => WithinUlps(DeterministicMath.Log(x), Math.Log(x), 1), iter: 200_000);

    [Fact]
    public void Exp_is_within_an_ulp_of_the_platforms_own() =>
        Gen.Double[-708, 709.7].Sample(x => WithinUlps(DeterministicMath.Exp(x), Math.Exp(x), 1), iter: 200_000);

    [Fact]
    public void Exp_of_log_returns_small_numbers() =>
        Gen.Double[1e-3, 1e3].Sample(x => Math.Abs(DeterministicMath.Exp(DeterministicMath.Log(x)) / x - 1) < 2e-15);

    [Fact]
    public void Cosine_and_sine_agree_with_the_platforms_own() =>
        Gen.Double[-3, 3].Sample(x =>
            Math.Abs(DeterministicMath.CosTurns(x) - Math.Cos(2 * Math.PI * x)) < 5e-15
            && Math.Abs(DeterministicMath.SinTurns(x) - Math.Sin(2 * Math.PI * x)) < 5e-15, iter: 100_000);

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0.25, 0, 1)]
    [InlineData(0.5, -1, 0)]
    [InlineData(0.75, 0, -1)]
    [InlineData(1000, 1, 0)]
    public void Quarters_of_a_turn_are_exact(double turns, double cosine, double sine) =>
        Assert.Equal((cosine, sine), (DeterministicMath.CosTurns(turns) + 0, DeterministicMath.SinTurns(turns) + 0));

    [Theory]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(-1, double.NaN)]
    [InlineData(-double.Epsilon, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.NegativeInfinity, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(1, 0)]
    [InlineData(double.Epsilon, -744.4400719213812)]
    [InlineData(2.2250738585072014E-308, -708.3964185322641)]
    [InlineData(double.MaxValue, 709.782712893384)]
    public void Log_at_the_edges(double x, double expected) => Assert.Equal(expected, DeterministicMath.Log(x));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(709.782712893384, 1.7976931348622732e308)]
    [InlineData(709.79, double.PositiveInfinity)]
    [InlineData(-745.1, double.Epsilon)]
    [InlineData(-745.14, 0)]
    public void Exp_at_the_edges(double x, double expected) => Assert.Equal(expected, DeterministicMath.Exp(x));

    [Fact]
    public void Bits_never_change()
    {
        // Worked out by another program. A change here changes every drawn workload: results of versions stop being comparable.
        double[] inputs = [0.1, 0.5, 0.7, 1.5, 2, 3, 10, 1e-17, 12345.678];
        Assert.Equal(
            [
                0xC0026BB1BBB55515, 0xBFE62E42FEFA39EF, 0xBFD6D3C324E13F50,
                0x3FD9F323ECBF984C, 0x3FE62E42FEFA39EF, 0x3FF193EA7AAD030A,
                0x40026BB1BBB55516, 0xC043926CD770AA67, 0x4022D79559791E31,
            ],
            inputs.Select(x => BitConverter.DoubleToUInt64Bits(DeterministicMath.Log(x))));
        Assert.Equal(
            [
                0x3FF1AEC7B35A00D4, 0x3FFA61298E1E069C, 0x40001C2A61268987,
                0x4011ED3FE64FC541, 0x401D8E64B8D4DDAE, 0x403415E5BF6FB106,
                0x40D5829DCF950560, 0x3FF0000000000000, 0x7F0D945DF4F8EC8E,
            ],
            inputs.Select(x => BitConverter.DoubleToUInt64Bits(DeterministicMath.Exp(Math.Min(x, 700)))));
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.999, 3.090232306167813)]
    [InlineData(0.0013498980316300945, -3)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(1e-16, -8.222082216130435)]
    public void Normal_quantile_agrees_with_tables(double probability, double expected) =>
        Assert.Equal(expected, NormalQuantile.At(probability), 2e-15 * Math.Max(1, Math.Abs(expected)));

    [Fact]
    public void Normal_quantile_is_odd()
    {
        // On the stream's own grid 1 − p is exact, and so is the symmetry.
        Gen.Long[1, 1L << 52].Sample(k =>
        {
            double p = k * Math.ScaleB(1, -53);
            return NormalQuantile.At(1 - p) == -NormalQuantile.At(p);
        });
    }

    [Fact]
    public void Normal_quantile_increases_across_its_pieces()
    {
        Gen<double> near = Gen.OneOf(Gen.Const(0.075), Gen.Const(0.925), Gen.Const(1.388794386496402e-11));
        Gen<double> anywhere = Gen.Double[1e-16, 0.99];
        Gen.Select(Gen.OneOf(near, anywhere), Gen.Double[-1, 1], Gen.Double[1e-13, 1e-3]).Sample((p, shift, step) =>
        {
            double low = p * (1 + shift * step);
            double high = low * (1 + step);
            return NormalQuantile.At(low) < NormalQuantile.At(high);
        }, iter: 200_000);
    }

    private static bool WithinUlps(double actual, double expected, int ulps) =>
        actual == expected || Math.Abs(actual - expected) <= ulps * Math.Abs(Math.BitIncrement(expected) - expected);
}
