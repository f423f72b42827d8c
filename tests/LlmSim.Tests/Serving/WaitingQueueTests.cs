using CsCheck;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>The waiting queue against a sorted list, and what a policy does to the engine, worked by hand.</summary>
public sealed class WaitingQueueTests
{
    private static readonly EngineLimits OneSeat = new()
    {
        MaxNumSeqs = 1,
        MaxNumBatchedTokens = 10,
        MaxModelLen = 50,
        UsableBlocks = 20,
        BlockSize = 4,
        Order = new PriorityOrder([0, 5, -5]),
    };

    [Fact]
    public void An_ordered_queue_is_a_sorted_list() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5]).Array[0, 200].Sample(operations =>
        {
            var pool = new RequestPool();
            var queue = new WaitingQueue(pool, isOrdered: true);
            var naive = new List<(long Key, long Id, int Slot)>();
            for (int id = 0; id < operations.Length; id++)
            {
                (int action, int key) = operations[id];
                if (action < 2)
                {
                    int slot = pool.Rent();
                    pool[slot] = new Request { Id = id, Key = key };
                    queue.Add(slot);
                    naive.Add((key, id, slot));
                }
                else if (naive.Count > 0)
                {
                    // The head, or any other: one whose last token is in flight finishes from the queue.
                    int taken = action == 2 ? queue.First : naive[id % naive.Count].Slot;
                    queue.Remove(taken);
                    naive.RemoveAll(entry => entry.Slot == taken);
                    pool.Return(taken);
                }

                naive.Sort();
                Assert.Equal(naive.Count, queue.Count);
                Assert.True(naive.Count == 0 || naive[0].Slot == queue.First);
            }
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Smaller_priorities_overtake_and_ties_go_by_arrival(bool stepByStep) =>
        Assert.Equal([0, 3, 1, 4, 2], FinishOrder(OneSeat, stepByStep, At(0, 5, 3), At(1, 5, 1), At(2, 5, 1, 1), At(3, 5, 1, 2), At(4, 5, 1)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_shortest_job_is_first(bool stepByStep) => Assert.Equal(
        [0, 2, 3, 1],
        FinishOrder(OneSeat with { Order = new ShortestFirstOrder() }, stepByStep, At(0, 5, 3), At(1, 5, 9), At(2, 5, 2), At(3, 5, 2)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_worst_is_thrown_out_even_if_it_was_first_and_those_behind_it_then_lose_the_step(bool stepByStep)
    {
        // 5 blocks of 4 tokens, a step of 100 ns + 1 ns a token. Request 0 (priority 5) computes its prompt of 11 tokens: 0-111.
        // Then it decodes beside the prompt of request 1 (priority 0), 111-220, and all blocks are taken. At 220 request 0 needs
        // one, is itself the worst, and the walk ends with it: an empty step. Request 1 goes on alone: 321, 422, 523. Then
        // request 0, resumed with 13 tokens: 636, 737.
        EngineLimits limits = OneSeat with { MaxNumSeqs = 2, MaxNumBatchedTokens = 16, MaxModelLen = 16, UsableBlocks = 5 };
        var story = new StoryObserver();
        new EngineScenario(limits, 100 << 20, 1 << 20, 0, 0, 0, 0, [At(0, 11, 4, 1), At(50, 8, 4)]).Run(stepByStep, story);
        Assert.Equal(
            [(0, 111), (0, 220), (1, 220), (1, 321), (1, 422), (1, 523), (0, 636), (0, 737)],
            story.Tokens.Select(t => (t.RequestId, t.Time.Nanoseconds)));
    }

    private static IEnumerable<long> FinishOrder(EngineLimits limits, bool stepByStep, params ArrivingRequest[] requests) =>
        new EngineScenario(limits, 100 << 20, 1 << 20, 0, 0, 0, 0, requests).Run(stepByStep).Records.Select(record => record.Id);

    private static ArrivingRequest At(long ns, int input, int output, byte kind = 0) => new(new SimTime(ns), input, output, kind);
}
