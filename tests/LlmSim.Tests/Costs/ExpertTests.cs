using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Costs;

public sealed class ExpertTests
{
    [Fact]
    public void Mixtral_8x7B_by_hand()
    {
        // Layer: attention 4096·(32+16)·128 + 4096² = 41,943,040; router 8·4096 = 32,768; an expert 3·4096·14336 =
        // 176,160,768; norms 8,192. 32 layers, embedding and head 2·32000·4096, last norm 4,096.
        const long shared = 32L * (41_943_040 + 32_768 + 8_192) + 262_144_000 + 4_096;
        var model = ModelCatalog.Get("mixtral-8x7b");
        Assert.Equal(shared + 32L * 8 * 176_160_768, model.ParameterCount());
        Assert.Equal(shared + 32L * 2 * 176_160_768, model.ActiveParameterCount());
        // Over two GPUs all but norms and routers is divided.
        long repeated = 32L * (8_192 + 32_768) + 4_096;
        Assert.Equal(2 * ((model.ParameterCount() - repeated) / 2 + repeated), model.WeightBytesPerGpu(2));
        Assert.Equal(2 * 32 * 8 * 128 * 2, model.KvBytesPerToken());
    }

    [Theory]
    [InlineData(8, 2, 1, 2)]
    [InlineData(8, 2, 2, 3.5)] // 8·(1 − (6/8)²)
    [InlineData(128, 8, 16, 82.4225)] // 128·(1 − (120/128)^16)
    [InlineData(128, 8, 100_000, 128)]
    [InlineData(16, 16, 1, 16)]
    public void Distinct_experts_by_hand(int experts, int perToken, long tokens, double expected) =>
        Assert.Equal(expected, ModelFigures.DistinctExperts(experts, perToken, tokens), 1e-3);

    [Theory]
    [InlineData(8, 2, 5)]
    [InlineData(32, 4, 8)]
    [InlineData(128, 8, 20)]
    [InlineData(256, 8, 64)]
    public void Distinct_experts_are_what_random_routing_meets(int experts, int perToken, int tokens)
    {
        var random = new Random(1);
        int[] order = [.. Enumerable.Range(0, experts)];
        double sum = 0;
        const int trials = 4000;
        for (int trial = 0; trial < trials; trial++)
        {
            var met = new HashSet<int>();
            for (int token = 0; token < tokens; token++)
            {
                random.Shuffle(order);
                met.UnionWith(order.AsSpan(0, perToken).ToArray());
            }

            sum += met.Count;
        }

        Assert.Equal(1, sum / trials / ModelFigures.DistinctExperts(experts, perToken, tokens), 0.01);
    }

    [Fact]
    public void Time_of_the_experts_by_hand()
    {
        // 16 experts of 3·1024·2048 = 6,291,456 weights, 2 for each of 4 tokens, on 100 TFLOP/s and 1 TB/s.
        var timer = new KernelTimer(
            TestScenarios.RoundGpu, TestScenarios.RoundGpu.Interconnect, spansNodes: false, KernelEfficiencies.Default);
        var experts = new ExpertProducts(StepOperator.Experts, 16, 2, 1024, 2048, 3, null);
        var work = timer.Experts(1, 4, experts, DataType.Bf16, 2);
        // 16·(1 − (14/16)⁴) = 6.6211 distinct: 83.312 MB of weights, 8·(3·1024 + 6·2048)·2 = 0.246 MB of activations.
        Assert.Equal(8 * 2.0 * 6_291_456, work.Flops);
        Assert.Equal(83.312e6 + 0.246e6, work.Bytes, 1e3);
        // Compute 100.66 MFLOP·(1 + 17·6.6211/8) / 61 TFLOP/s = 24.868 µs; memory 83.558 MB·(1 + 55/83.312) / 0.93 TB/s
        // = 149.16 µs; together 149.16·(1 + (24.868/149.16)^1.65)^(1/1.65) = 153.81 µs.
        Assert.Equal(153.81e-6, CostRows.Seconds(work.Memory), 0.05e-6);
        // 14 µs + 6.6211·0.11 µs.
        Assert.Equal(14.728e-6, CostRows.Seconds(work.Latency), 0.001e-6);
        Assert.Equal(0, work.Compute);
    }

    [Fact]
    public void A_small_batch_meets_few_experts_and_a_large_one_all()
    {
        var model = TestScenarios.Model("qwen3-30b-a3b", "h100");
        double Bytes(int sequences) => model.Explain(TestScenarios.Decode(sequences, 100)).Operators
            .Single(row => row.Operator == StepOperator.Experts).Bytes;
        // 48 layers · 3·2048·768 weights · 2 B an expert, and a little for activations.
        const double expert = 48 * 3.0 * 2048 * 768 * 2;
        Assert.InRange(Bytes(1) / expert, 8, 8.1);
        Assert.InRange(Bytes(512) / expert, 128, 140);
    }

    [Fact]
    public void Shared_experts_and_dense_layers_are_counted()
    {
        // GLM-4.5-Air: a dense layer 3·4096·10944; 45 layers of 128 + 1 experts of 3·4096·1408 and a router of 128.
        var air = ModelCatalog.Get("glm-4.5-air");
        long attention = 46L * (4096 * (96 + 16) * 128 + 96 * 128 * 4096 + 2 * 4096);
        long mlp = 3L * 4096 * 10944 + 45L * (129L * 3 * 4096 * 1408 + 128 * 4096);
        Assert.Equal(attention + mlp + 2L * 151552 * 4096 + 4096, air.ParameterCount());
    }

    [Fact]
    public void Four_bit_weights_take_half_a_byte_and_their_scales()
    {
        Assert.Equal((4 + (16 + 4) / 128.0) / 8, DataType.Int4.BytesPerElement());
        Assert.Equal((4 + 8 / 32.0) / 8, DataType.Mxfp4.BytesPerElement());
        // Layers' matrices 6,476,005,376 · 133/256 bytes; embedding, head and norms in 16 bits.
        var model = ModelCatalog.Get("llama-2-7b") with { WeightType = DataType.Int4 };
        Assert.Equal(6_476_005_376 / 256 * 133 + 2 * (262_144_000 + 65 * 4096), model.WeightBytesPerGpu());
        Assert.Equal((DataType.Bf16, 2), (model.EffectiveKvType(), model.ActivationBytes()));
        // The published gpt-oss-120b checkpoint is 65 GB: experts in MXFP4, the rest in BF16.
        Assert.Equal(65.2e9, ModelCatalog.Get("gpt-oss-120b").WeightBytesPerGpu(), 0.2e9);
    }

    [Fact]
    public void Four_bit_products_read_less_and_compute_at_the_16_bit_rate()
    {
        var gpu = TestScenarios.RoundGpu;
        var timer = new KernelTimer(gpu, gpu.Interconnect, spansNodes: false, KernelEfficiencies.Default);
        Assert.Equal(gpu.Fp16FlopsPerSecond, KernelTimer.PeakFlops(gpu, DataType.Int4));
        var narrow = timer.Gemm(1, 1, 4096, 4096, DataType.Int4, 2);
        Assert.Equal(4096.0 * 4096 * 133 / 256 + 4096 * 2 * 2, narrow.Bytes);
        Assert.Equal(timer.Gemm(1, 4096, 4096, 4096, DataType.Bf16, 2).Compute,
            timer.Gemm(1, 4096, 4096, 4096, DataType.Int4, 2).Compute);
    }
}
