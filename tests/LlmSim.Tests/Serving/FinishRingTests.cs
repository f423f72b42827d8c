using CsCheck;
using LlmSim.Serving;

namespace LlmSim.Tests.Serving;

public sealed class FinishRingTests
{
    /// <summary>Against a plain list, for rings of one and of many bitmap words and for outputs longer than the ring.</summary>
    [Fact]
    public void Finishers_are_those_of_a_plain_list() =>
        Gen.Select(
            Gen.OneOf(10, 500, 10_000, 200_000),
            Gen.OneOf(3L, 200L, 9_000L, 150_000L),
            Gen.Select(Gen.Int[0, 9], Gen.Double.Unit).Array[0, 150]).Sample((longest, spread, operations) =>
        {
            var pool = new RequestPool();
            var ring = new FinishRing(pool, longest);
            var naive = new List<int>();
            var taken = new List<int>();
            long call = 1;
            foreach ((int kind, double where) in operations)
            {
                if (kind < 6)
                {
                    int slot = pool.Rent();
                    pool[slot] = new Request { FinishCall = call + (long)(where * spread) };
                    ring.Add(slot);
                    naive.Add(slot);
                }
                else if (kind < 7 && naive.Count > 0)
                {
                    int slot = naive[(int)(where * naive.Count) % naive.Count];
                    ring.Remove(slot);
                    naive.Remove(slot);
                }
                else if (naive.Count > 0)
                {
                    long earliest = naive.Min(s => pool[s].FinishCall);
                    long named = ring.NextCall(call);
                    Assert.InRange(named, call, earliest);
                    Assert.True(spread > Math.Min(longest, 65_536) || named == earliest, "exact while no output is longer than the ring");
                    taken.Clear();
                    ring.TakeFinishers(named, taken);
                    Assert.Equal(naive.Where(s => pool[s].FinishCall == named), taken);
                    naive.RemoveAll(taken.Contains);
                    call = named + 1;
                }

                Assert.Equal(naive.Count, ring.Count);
            }
        });
}
