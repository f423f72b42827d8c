using LlmSim.Simulation;

namespace LlmSim.Tests.Simulation;

public sealed class SimTimeTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1.500000001, 1_500_000_001)]
    [InlineData(1e-10, 0)]
    [InlineData(6e-10, 1)]
    [InlineData(86400, 86_400_000_000_000)]
    public void Seconds_round_to_the_nearest_nanosecond(double seconds, long nanoseconds) =>
        Assert.Equal(nanoseconds, SimTime.FromSeconds(seconds).Nanoseconds);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e10)]
    public void What_is_no_time_is_refused(double seconds) => Assert.Throws<OverflowException>(() => SimTime.FromSeconds(seconds));

    [Fact]
    public void Times_compare_and_add_as_whole_nanoseconds()
    {
        var a = new SimTime(3);
        var b = new SimTime(5);
        Assert.True(a < b && b > a && a <= b && b >= a && a.CompareTo(b) < 0);
        Assert.Equal(new SimTime(8), a + b);
        Assert.Equal(new SimTime(2), b - a);
        Assert.Equal(5e-9, b.Seconds);
        Assert.Equal(5e-6, b.Milliseconds);
    }
}
