using CsCheck;
using LlmSim.Serving;

namespace LlmSim.Tests.Serving;

public sealed class BlockPoolTests
{
    /// <summary>Against a naive pool that holds its blocks one by one.</summary>
    [Fact]
    public void Counts_are_those_of_a_pool_of_single_blocks() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[-20, 20].Array[0, 100]).Sample((usable, moves) =>
        {
            var pool = new BlockPool(usable, 16);
            var free = new Stack<int>(Enumerable.Range(1, usable));
            var held = new Stack<int>();
            foreach (int move in moves)
            {
                (Stack<int> from, Stack<int> to) = move > 0 ? (free, held) : (held, free);
                int count = Math.Abs(move);
                if (count > from.Count)
                {
                    Assert.Throws<InvalidOperationException>(() => Move(pool, move));
                    continue;
                }

                Move(pool, move);
                for (int i = 0; i < count; i++)
                {
                    to.Push(from.Pop());
                }

                Assert.Equal((free.Count, held.Count), (pool.Free, pool.Used));
            }
        });

    [Theory]
    [InlineData(16, 0, 0)]
    [InlineData(16, 1, 1)]
    [InlineData(16, 16, 1)]
    [InlineData(16, 17, 2)]
    [InlineData(1, 5, 5)]
    [InlineData(256, 257, 2)]
    public void Tokens_fill_whole_blocks(int blockSize, int tokens, int blocks) =>
        Assert.Equal(blocks, new BlockPool(100, blockSize).BlocksFor(tokens));

    private static void Move(BlockPool pool, int move)
    {
        if (move > 0)
        {
            pool.Take(move);
        }
        else
        {
            pool.Return(-move);
        }
    }
}
