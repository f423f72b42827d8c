using CsCheck;
using LlmSim.Simulation;

namespace LlmSim.Tests.Simulation;

public sealed class EngineClockTests
{
    [Fact]
    public void Steps_added_one_by_one_end_where_their_sum_ends() =>
        Gen.Long[0, 1L << 45].Array[1, 50].Sample(steps =>
        {
            EngineClock one = EngineClock.At(17);
            foreach (long step in steps)
            {
                one = one.Plus(step);
            }

            EngineClock sum = EngineClock.At(17).Plus(steps.Sum());
            return one.Nanoseconds == sum.Nanoseconds && one.Remainder == sum.Remainder;
        });

    [Fact]
    public void Quanta_until_a_nanosecond_lead_exactly_to_its_start() =>
        Gen.Select(Gen.Long[0, 1L << 40], Gen.Long[0, 1L << 40], Gen.Long[0, 1L << 41]).Sample((start, quanta, target) =>
        {
            EngineClock clock = EngineClock.At(start).Plus(quanta);
            long until = clock.QuantaUntil(target);
            if (until >= 0)
            {
                EngineClock there = clock.Plus(until);
                Assert.Equal((target, 0L), (there.Nanoseconds, there.Remainder));
            }
            else
            {
                Assert.True(clock.Nanoseconds >= target);
            }
        });

    [Fact]
    public void Far_away_is_capped()
    {
        Assert.Equal(1L << 62, EngineClock.At(0).QuantaUntil(long.MaxValue));
        Assert.Equal(-(1L << 62), EngineClock.At(long.MaxValue).QuantaUntil(0));
    }
}
