using LlmSim.Simulation;

namespace LlmSim.Tests;

public sealed class SmokeTest
{
    [Fact]
    public void Seconds_round_to_the_nearest_nanosecond() => Assert.Equal(1_500_000_001, SimTime.FromSeconds(1.500000001).Nanoseconds);
}
