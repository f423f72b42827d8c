using CsCheck;
using LlmSim.Workloads;
using Xunit;

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

    [Theory]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(-0.0, double.NegativeInfinity)]
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
    [InlineData(-745.13321910194122, double.Epsilon)]
    [InlineData(-745.14, 0)]
    public void Exp_at_the_edges(double x, double expected) => Assert.Equal(expected, DeterministicMath.Exp(x));

    [Fact]
    public void Bits_never_change()
    {
        // A change here changes every sampled workload: results stop being comparable with those of earlier versions.
        double[] inputs = [0.1, 0.5, 0.7, 1.5, 2, 3, 10, 1e-17, 12345.678];
        Assert.Equal(
            [],
            inputs.Select(x => $"0x{BitConverter.DoubleToInt64Bits(DeterministicMath.Log(x)):X16}"));
        Assert.Equal(
            [],
            inputs.Select(x => $"0x{BitConverter.DoubleToInt64Bits(DeterministicMath.Exp(Math.Min(x, 700))):X16}"));
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
    public void Normal_quantile_is_odd_and_increasing()
    {
        Gen.Double[1e-12, 0.5].Sample(p =>
            Math.Abs(NormalQuantile.At(p) + NormalQuantile.At(1 - p)) < 1e-4 * -Math.Min(-1e-12, NormalQuantile.At(p)));
        double[] seams = [0.075, 0.925, DeterministicMath.Exp(-25), 1 - DeterministicMath.Exp(-25)];
        Gen.Select(Gen.OneOf(Gen.Double[1e-300, 1], Gen.OneOfConst(seams)), Gen.Double[1e-15, 1e-3]).Sample((p, step) =>
            p * (1 + step) >= 1 || NormalQuantile.At(p * (1 + step)) >= NormalQuantile.At(p), iter: 100_000);
    }

    private static bool WithinUlps(double actual, double expected, int ulps) =>
        actual == expected || Math.Abs(actual - expected) <= ulps * Math.Abs(Math.BitIncrement(expected) - expected);
}
