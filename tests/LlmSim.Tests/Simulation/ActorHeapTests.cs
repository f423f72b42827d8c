using CsCheck;
using LlmSim.Simulation;

namespace LlmSim.Tests.Simulation;

public sealed class ActorHeapTests
{
    private sealed class Sleeper : Actor
    {
        public override SimTime Wake(SimTime now, SimTime horizon) => SimTime.Never;
    }

    /// <summary>Against a sorted list: the first actor and the second wake-up after any sequence of moves.</summary>
    [Fact]
    public void First_and_second_are_those_of_a_sorted_list() =>
        Gen.Select(Gen.Int[1, 20], Gen.Select(Gen.Int[0, 19], Gen.Long[0, 30]).Array[0, 200]).Sample((count, moves) =>
        {
            var heap = new ActorHeap();
            Sleeper[] actors = [.. Enumerable.Range(0, count).Select(order => new Sleeper { Order = order })];
            foreach (Sleeper actor in actors)
            {
                heap.Add(actor);
            }

            foreach ((int which, long time) in moves)
            {
                heap.Move(actors[which % count], time == 30 ? SimTime.Never : new SimTime(time));
                Actor[] sorted = [.. actors.OrderBy(a => a.WakesAt).ThenBy(a => a.Order)];
                Assert.Same(sorted[0], heap.First);
                Assert.Equal(count > 1 ? sorted[1].WakesAt : SimTime.Never, heap.SecondWake);
            }
        });
}
