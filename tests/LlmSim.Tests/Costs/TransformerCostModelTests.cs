using CsCheck;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Costs;

public sealed class TransformerCostModelTests
{
    [Fact]
    public void Batch_1_decode_of_Llama_2_7B_on_A100_sits_just_above_its_bandwidth_bound()
    {
        // Bound: 13.215 GB of weights (all but the embedding table) + 512 keys · 0.524 MB, at 2.039 TB/s = 6.613 ms.
        var model = ModelCatalog.Get("llama-2-7b");
        double bytes = model.WeightBytesPerGpu() - 2.0 * 32000 * 4096 + 512 * model.KvBytesPerToken();
        double bound = bytes / 2.039e12;
        Assert.Equal(6.613e-3, bound, 6);
        // On top: GEMMs at 86% of bandwidth, and 129 GEMM, 32 attention and 130 element-wise launches, 1.3 ms in all; sorting 32,000
        // logits, 106 µs.
        double step = Seconds(TestScenarios.Model("llama-2-7b", "a100").StepQuanta(TestScenarios.Decode(1, 512)));
        Assert.Equal(9.036e-3, step, 6);
        Assert.InRange(step / bound, 1.3, 1.4);
    }

    [Fact]
    public void H100_beats_A100_by_the_bandwidth_ratio_in_decode_and_by_the_compute_ratio_in_prefill()
    {
        var a100 = TestScenarios.Model("llama-2-7b", "a100");
        var h100 = TestScenarios.Model("llama-2-7b", "h100");
        Assert.InRange(Ratio(a100, h100, TestScenarios.Decode(1, 512)) / (3350.0 / 2039), 0.9, 1.0);
        Assert.InRange(Ratio(a100, h100, TestScenarios.Prefill(4096)) / (989.4 / 312), 0.9, 1.0);
    }

    [Fact]
    public void A_prefill_of_Llama_2_7B_adds_up_by_hand()
    {
        // 1,024 tokens on H100, compute-bound GEMMs: 2·1024·6,476,005,376 matrix parameters = 13.263 TFLOP.
        var rows = TestScenarios.Model("llama-2-7b", "h100").Explain(TestScenarios.Prefill(1024)).Operators;
        StepOperator[] gemms =
            [StepOperator.QkvProjection, StepOperator.OutputProjection, StepOperator.MlpUp, StepOperator.MlpDown];
        var gemmRows = rows.Where(row => gemms.Contains(row.Operator)).ToList();
        Assert.Equal(2.0 * 1024 * 6_476_005_376, gemmRows.Sum(row => row.Flops));
        // / (0.8·989.4e12) = 16.756 ms, + 128 launches · 3.6 µs = 0.461 ms.
        Assert.Equal(17.217e-3, gemmRows.Sum(row => row.Seconds), 5);
        // Attention: 1024·1025/2 pairs · 4·4096 FLOP · 32 layers = 275.1 GFLOP; / (0.65·989.4e12) = 0.428 ms.
        // Traffic: 1024 tokens · 4 tensors · 4096 · 2 B · 32 = 1.0737 GB; / (0.37·3.35e12) = 0.866 ms. + 32 · 12 µs.
        var attention = rows
            .Where(row => row.Operator is StepOperator.PrefillScores or StepOperator.PrefillValues).ToList();
        Assert.Equal(524_800.0 * 4 * 4096 * 32, attention.Sum(row => row.Flops));
        Assert.Equal(0.428e-3 + 0.866e-3 + 0.384e-3, attention.Sum(row => row.Seconds), 5);
        // LM head on the one sampled row: 2·4096·32000 FLOP, bound by its 262 MB: 0.0910 ms + 3.6 µs.
        var head = rows.Single(row => row.Operator == StepOperator.LmHead);
        Assert.Equal((2.0 * 4096 * 32000, CostClass.Memory), (head.Flops, head.BoundBy));
        Assert.Equal(94.6e-6, head.Seconds, 6);
    }

    [Fact]
    public void A_decode_reads_each_key_and_value_once()
    {
        var model = TestScenarios.Model("llama-2-70b", "h100", ranks: 4);
        var rows = model.Explain(TestScenarios.Decode(30, 700)).Operators;
        var attention = rows
            .Where(row => row.Operator is StepOperator.DecodeScores or StepOperator.DecodeValues).ToList();
        Assert.Equal(2, attention.Count);
        // 30·700 keys · 81,920 B; FLOPs 4·16 heads·128·80 layers a key.
        Assert.Equal(21_000.0 * 81_920, attention.Sum(row => row.Bytes));
        Assert.Equal(21_000.0 * 4 * 16 * 128 * 80, attention.Sum(row => row.Flops));
        // 1.72 GB / (0.9·3.35e12) = 0.5706 ms + 80 · 13 µs.
        Assert.Equal(0.5706e-3 + 1.04e-3, attention.Sum(row => row.Seconds), 6);
        Assert.Equal(161, rows.Single(row => row.Operator == StepOperator.AllReduce).Kernels);
        Assert.Contains(rows, row => row.Operator == StepOperator.LogitsGather);
    }

    [Fact]
    public void Host_time_is_added_or_overlapped()
    {
        var host = new HostSpec { StepSeconds = 1e-3, SequenceSeconds = 1e-4 };
        var batch = TestScenarios.Decode(10, 100);
        long gpu = TestScenarios.Model("llama-2-7b", "a100").StepQuanta(batch);
        long cpu = OperatorWork.Quanta(2e-3);
        var synchronous = TestScenarios.Model("llama-2-7b", "a100", 1, host, asynchronous: false);
        Assert.Equal(gpu + cpu, synchronous.StepQuanta(batch));
        Assert.Equal(gpu, TestScenarios.Model("llama-2-7b", "a100", 1, host).StepQuanta(batch));
        var slow = host with { StepSeconds = 0.099 };
        Assert.Equal(OperatorWork.Quanta(0.1), TestScenarios.Model("llama-2-7b", "a100", 1, slow).StepQuanta(batch));
    }

    [Fact]
    public void An_empty_step_takes_no_time() =>
        Assert.Equal(0, TestScenarios.Model("llama-2-7b", "a100", 1, new HostSpec()).StepQuanta(new BatchShape()));

    [Fact]
    public void Steps_beyond_the_table_cost_the_same_as_inside_it() =>
        TestScenarios.AnyBatch.Sample(batch =>
        {
            TransformerCostModel WithTable(int tokens) => new(ModelCatalog.Get("llama-2-13b"),
                new ClusterSpec { Gpu = GpuCatalog.Get("a100") }, 2, TestScenarios.NoHost, true, tokens);
            return WithTable(1).StepQuanta(batch) == WithTable(4096).StepQuanta(batch);
        }, iter: 200);

    [Fact]
    public void A_decode_run_agrees_with_each_of_its_steps() =>
        Gen.Select(TestScenarios.AnyModel, Gen.Int[1, 256], Gen.Long[1, 500_000], Gen.Long[0, 3_000]).Sample(
            (model, sequences, context, ahead) =>
            {
                var run = model.DecodeRun(sequences, context);
                long last = Math.Min(run.ValidSteps, 1L << 20) - 1;
                foreach (long i in new[] { 0, Math.Min(1, last), Math.Min(ahead, last), last })
                {
                    Assert.Equal(Step(model, sequences, context + i * sequences), run.First + i * run.Growth);
                }
                // Where it ends, the next step follows another law, unless it goes by pieces.
                if (run.ValidSteps < 1L << 30 && !model.HasPieces)
                {
                    long next = Step(model, sequences, context + run.ValidSteps * sequences);
                    Assert.NotEqual(run.First + run.ValidSteps * run.Growth, next);
                }
            }, iter: 1000);

    [Fact]
    public void A_host_bound_run_ends_where_the_gpu_takes_longer()
    {
        // Host 20 ms; the batch starts at about 12 ms and grows by 64·0.3 µs a step.
        var host = new HostSpec { StepSeconds = 20e-3, SequenceSeconds = 0 };
        var model = TestScenarios.Model("llama-2-7b", "a100", 1, host);
        var run = model.DecodeRun(64, 64 * 100);
        Assert.Equal((OperatorWork.Quanta(20e-3), 0L), (run.First, run.Growth));
        Assert.InRange(run.ValidSteps, 100, 2000);
        var after = model.DecodeRun(64, 64 * (100 + run.ValidSteps));
        Assert.True(after.First > run.First && after.Growth > 0);
    }

    [Fact]
    public void More_of_any_rate_is_never_slower_and_more_work_never_faster() =>
        Gen.Select(Gen.OneOf(ModelCatalog.All.ToArray()), Gen.OneOf(GpuCatalog.All.ToArray()), Gen.OneOf(1, 2, 4, 8),
            TestScenarios.AnyBatch, Gen.Int[0, 50]).Sample((model, gpu, ranks, batch, percent) =>
        {
            double factor = 1 + percent / 100.0;
            long before = Step(model, gpu, ranks, batch);
            var link = gpu.Interconnect;
            long On(GpuSpec other) => Step(model, other, ranks, batch);
            Assert.True(On(gpu with { MemoryBytesPerSecond = gpu.MemoryBytesPerSecond * factor }) <= before);
            Assert.True(On(gpu with { Fp16FlopsPerSecond = gpu.Fp16FlopsPerSecond * factor }) <= before);
            var wider = link with { BytesPerSecond = link.BytesPerSecond * factor };
            Assert.True(On(gpu with { Interconnect = wider }) <= before);
            var slower = link with { LatencySeconds = link.LatencySeconds * factor };
            Assert.True(On(gpu with { Interconnect = slower }) >= before);

            var moreTokens = batch;
            moreTokens.AddPrefill(1 + percent, 0, endsPrompt: false);
            Assert.True(Step(model, gpu, ranks, moreTokens) >= before);
            var moreSequences = batch;
            moreSequences.AddDecode(1 + percent, 1 + percent);
            Assert.True(Step(model, gpu, ranks, moreSequences) >= before);
            var moreContext = batch;
            moreContext.AddDecode(0, percent);
            Assert.True(Step(model, gpu, ranks, moreContext) >= before);
        }, iter: 500);

    [Fact]
    public void Tensor_parallelism_divides_the_arithmetic()
    {
        var batch = TestScenarios.Prefill(2048);
        double Flops(int ranks) =>
            TestScenarios.Model("llama-2-70b", "h100", ranks).Explain(batch).Operators.Sum(row => row.Flops);
        Assert.Equal(1.0 / 2, Flops(2) / Flops(1), 1e-6);
        Assert.Equal(1.0 / 4, Flops(4) / Flops(1), 1e-6);
        Assert.Equal(1.0 / 8, Flops(8) / Flops(1), 1e-6);
        long Quanta(int ranks) => TestScenarios.Model("llama-2-70b", "h100", ranks).StepQuanta(batch);
        Assert.True(Quanta(8) < Quanta(4));
    }

    [Fact]
    public void Explanation_adds_up_to_the_step() =>
        Gen.Select(TestScenarios.AnyModel, TestScenarios.AnyBatch).Sample((model, batch) =>
        {
            var explanation = model.Explain(batch);
            Assert.Equal(Seconds(model.StepQuanta(batch)), explanation.StepSeconds);
            Assert.Equal(explanation.GpuSeconds, explanation.Operators.Sum(row => row.Seconds), 1e-12);
            Assert.Equal(explanation.StepSeconds, explanation.HostOverlaps
                ? Math.Max(explanation.GpuSeconds, explanation.HostSeconds)
                : explanation.GpuSeconds + explanation.HostSeconds, 1e-12);
            Assert.All(explanation.Operators, row => Assert.NotEmpty(row.Operator.Label()));
        }, iter: 300);

    private static double Seconds(long quanta) => CostRows.Seconds(quanta);

    private static double Ratio(TransformerCostModel slow, TransformerCostModel fast, BatchShape batch) =>
        slow.StepQuanta(batch) / (double)fast.StepQuanta(batch);

    private static long Step(ModelSpec model, GpuSpec gpu, int ranks, BatchShape batch) =>
        new TransformerCostModel(model, new ClusterSpec { Gpu = gpu }, ranks, TestScenarios.NoHost, true, 4096)
            .StepQuanta(batch);

    private static long Step(TransformerCostModel model, int sequences, long context)
    {
        var shape = new BatchShape();
        shape.AddDecode(sequences, context);
        return model.StepQuanta(shape);
    }
}
