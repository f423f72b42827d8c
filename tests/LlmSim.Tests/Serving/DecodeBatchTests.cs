using CsCheck;
using LlmSim.Serving;

namespace LlmSim.Tests.Serving;

public sealed class DecodeBatchTests
{
    /// <summary>The sums of a batch against walking its requests, call by call.</summary>
    [Fact]
    public void Sums_are_those_of_walking_every_request() =>
        Gen.Select(
            Gen.OneOf(1, 4, 16, 32),
            Gen.Select(Gen.Int[1, 500], Gen.Int[60, 300]).Array[1, 12],
            Gen.Int[1, 60],
            Gen.Int[0, 80],
            Gen.Long[1, 1000],
            Gen.Long[0, 50]).Sample((blockSize, requests, calls, free, first, growth) =>
        {
            const long start = 7;
            var pool = new RequestPool();
            var batch = new DecodeBatch(pool, blockSize, 400);
            foreach ((int context, int left) in requests)
            {
                batch.Join(pool.Rent(), start, context, left);
            }

            int Blocks(long tokens) => (int)((tokens + blockSize - 1) / blockSize);
            int NewBlocks(long call) =>
                requests.Sum(r => Blocks(r.Item1 + call - start + 1) - Blocks(r.Item1 + call - start));

            long untilShortage = 0;
            for (int left = free; untilShortage < calls && (left -= NewBlocks(start + untilShortage)) >= 0; untilShortage++)
            {
            }

            Int128 blockQuanta = 0;
            int taken = 0;
            for (long i = 0; i < calls; i++)
            {
                long call = start + i;
                Assert.Equal(requests.Sum(r => r.Item1 + i + 1), batch.Context(call));
                Assert.Equal(NewBlocks(call), batch.NewBlocks(call));
                taken += NewBlocks(call);
                blockQuanta += (Int128)taken * (first + (growth * i));
            }

            Assert.Equal(untilShortage, batch.CallsUntilShortage(start, free, calls));
            Assert.Equal(taken, batch.NewBlocks(start, calls));
            Assert.Equal(blockQuanta, batch.NewBlockQuanta(start, calls, first, growth));
            Assert.Equal(start + requests.Min(r => r.Item2) - 1, batch.NextFinish(start));
        });
}
