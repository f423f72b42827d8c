using CsCheck;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Costs;

public sealed class WindowTests
{
    [Fact]
    public void Pairs_and_keys_of_chunks_are_counted_exactly() =>
        Gen.Select(Gen.Int[1, 50], Gen.Select(Gen.Int[1, 80], Gen.Int[0, 120]).Array[1, 4]).Sample((window, chunks) =>
        {
            var shape = new BatchShape(window);
            long pairs = 0;
            long keys = 0;
            foreach (var (tokens, context) in chunks)
            {
                shape.AddPrefill(tokens, context, endsPrompt: false);
                for (int token = 0; token < tokens; token++)
                {
                    pairs += Math.Min(context + token + 1, window);
                }

                keys += context + tokens - Math.Max(0, context + 1 - window);
            }

            Assert.Equal((pairs, keys), (shape.PairsWithin(window), shape.KeysWithin(window)));
            var unaware = TestScenarios.Batch([.. chunks.Select(chunk => (chunk.Item1, chunk.Item2, false))], 0, 0);
            Assert.InRange(unaware.PairsWithin(window), pairs, pairs + shape.PrefillPairs);
            Assert.Equal(keys, chunks.Length == 1 ? unaware.KeysWithin(window) : keys);
        });

    [Fact]
    public void Keys_of_decodes_are_exact_on_one_side_of_the_window_and_never_too_few() =>
        Gen.Select(Gen.Int[1, 100], Gen.Int[1, 300].Array[1, 20]).Sample((window, contexts) =>
        {
            var shape = new BatchShape(window);
            foreach (int context in contexts)
            {
                shape.AddDecode(1, context);
            }

            long exact = contexts.Sum(context => (long)Math.Min(context, window));
            long counted = shape.DecodeKeysWithin(window);
            bool oneSide = contexts.All(context => context <= window) || contexts.All(context => context >= window);
            Assert.True(oneSide ? counted == exact : counted >= exact);
            // What is too much is no more than what the contexts on the other side of their mean lack or exceed.
            long missing = contexts.Sum(context => (long)Math.Max(0, window - context));
            long beyond = contexts.Sum(context => (long)Math.Max(0, context - window));
            Assert.True(counted - exact <= Math.Min(missing, beyond));
        });

    [Fact]
    public void A_decode_of_gpt_oss_reads_128_keys_in_every_second_layer()
    {
        // 12 global layers · 2·8·64 elements · 2 B = 24,576 B a key, and as much in 12 local ones up to 128 keys.
        var model = TestScenarios.Model("gpt-oss-20b", "h100");
        double Bytes(long context) => model.Explain(TestScenarios.Decode(10, context)).Operators
            .Where(row => row.Operator is StepOperator.DecodeScores or StepOperator.DecodeValues).Sum(row => row.Bytes);
        Assert.Equal(10 * 24_576 * 2 * 100, Bytes(100));
        Assert.Equal(10 * 24_576 * (5000 + 128), Bytes(5000));
        Assert.Equal(2 * 24_576, ModelCatalog.Get("gpt-oss-20b").KvBytesPerToken());
    }

    [Fact]
    public void A_model_with_windows_everywhere_stops_growing()
    {
        var model = TestScenarios.Model("mistral-7b-v0.1", "h100");
        long Step(long context) => model.StepQuanta(TestScenarios.Decode(16, context));
        Assert.True(Step(4095) < Step(4096));
        Assert.Equal(Step(4096), Step(30_000));
        var run = model.DecodeRun(16, 16 * 4000);
        Assert.Equal(97, run.ValidSteps); // 4000 to 4096.
        Assert.Equal(0, model.DecodeRun(16, 16 * 4097).Growth);
        // A prefill of 8,192: each token beyond 4,096 sees 4,096.
        var windowed = model.NewBatch();
        windowed.AddPrefill(8192, 0, endsPrompt: true);
        Assert.Equal(4096L * 4097 / 2 + 4096L * 4096, windowed.PairsWithin(4096));
        var full = new TransformerCostModel(ModelCatalog.Get("mistral-7b-v0.1") with { SlidingWindow = null },
            new ClusterSpec { Gpu = GpuCatalog.Get("h100") }, 1, TestScenarios.NoHost, true, 8192);
        Assert.True(model.StepQuanta(windowed) < full.StepQuanta(windowed));
    }

    [Fact]
    public void A_decode_run_over_the_window_breaks_down_as_its_steps()
    {
        var model = TestScenarios.Model("gpt-oss-20b", "h100");
        var run = new WorkTally(64, 64, 128);
        run.AddDecodeRun(sequences: 20, context: 20 * 100 + 7, steps: 300);
        var steps = new WorkTally(64, 64, 128);
        for (int i = 0; i < 300; i++)
        {
            var shape = new BatchShape(128);
            shape.AddDecode(20, 20 * 100 + 7 + 20 * i);
            steps.AddStep(shape);
        }

        Assert.Equal(model.Breakdown(steps, 0).Operators, model.Breakdown(run, 0).Operators);
        Assert.Throws<ArgumentException>(() => model.Breakdown(new WorkTally(64, 64), 0));
    }
}
