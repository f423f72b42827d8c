using LlmSim.Calibration;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Costs;

/// <summary>Latent attention by hand.</summary>
public sealed class LatentCostTests
{
    private static readonly ModelSpec Lite = ModelCatalog.Get("deepseek-v2-lite");

    [Fact]
    public void The_cache_holds_one_vector_a_token_and_layer_whatever_the_heads_and_gpus()
    {
        // (512 + 64) elements of 2 bytes.
        Assert.Equal(27 * 576 * 2, Lite.KvBytesPerToken());
        Assert.Equal(27 * 576 * 2, Lite.KvBytesPerToken(8));
        Assert.Equal(61 * 576 * 2, ModelCatalog.Get("deepseek-v3").KvBytesPerToken(8));
        Assert.Equal(61 * 576, (ModelCatalog.Get("deepseek-v3") with { KvType = DataType.Fp8 }).KvBytesPerToken(8));
    }

    [Fact]
    public void Attention_weights_are_those_of_its_five_matrices()
    {
        // DeepSeek-V3: 7168·(1536 + 576) + 1536·128·192 + 512·128·256 + 128·128·7168, norms of 1536 + 512 and 7168.
        var block = Assert.IsType<LatentAttention>(ModelCatalog.Get("deepseek-v3").LayerPlans()[0].Blocks[0]);
        long whole = block.Kernels(new BlockLayout(7168, 1)).Sum(kernel => kernel.Weights);
        Assert.Equal(15_138_816 + 37_748_736 + 16_777_216 + 117_440_512 + 2048 + 7168, whole);
        long eighth = block.Kernels(new BlockLayout(7168, 8)).Sum(kernel => kernel.Weights);
        Assert.Equal(15_138_816 + (37_748_736 + 16_777_216 + 117_440_512) / 8 + 2048 + 7168, eighth);
    }

    [Fact]
    public void Decoding_reads_latents_once_for_all_heads_and_multiplies_with_each()
    {
        IReadOnlyList<OperatorCost> rows = Cost(Lite, TestScenarios.RoundGpu, null).Explain(TestScenarios.Decode(10, 2000)).Operators;
        OperatorCost scores = rows.Single(row => row.Operator == StepOperator.DecodeScores);
        OperatorCost values = rows.Single(row => row.Operator == StepOperator.DecodeValues);
        Assert.Equal((27 * 20_000.0 * 576 * 2, 0), (scores.Bytes, values.Bytes));

        // Keys: 2·16·576 for each; queries to the latents: 2·16·128·512 for each sequence. Values: 2·16·512, and the way back.
        Assert.Equal(27 * (20_000.0 * 2 * 16 * 576 + 10 * 2.0 * 16 * 128 * 512), scores.Flops);
        Assert.Equal(27 * (20_000.0 * 2 * 16 * 512 + 10 * 2.0 * 16 * 128 * 512), values.Flops);

        // 46 MB of latents a layer at 90% of 1 TB/s beat 696 MFLOP; and two products of 16 matrices of 128 by 512.
        KernelEfficiencies known = KernelEfficiencies.Default;
        double latents = 20_000.0 * 576 * 2 / (known.DecodeMemory * 1e12);
        double product = known.GemmLaunchSeconds + 2.0 * 16 * (128 * 512 + 10 * 640) / (known.GemmMemory * 1e12);
        Assert.Equal(27 * (known.DecodeLaunchSeconds + latents + 2 * product), scores.Seconds + values.Seconds, 2e-6);
    }

    [Fact]
    public void Prompts_widen_what_they_see_anew_in_each_chunk()
    {
        TransformerCostModel cost = Cost(Lite, TestScenarios.RoundGpu, null);
        OperatorCost whole = Expansion(TestScenarios.Prefill(1000)), second = Expansion(TestScenarios.Prefill(1000, 3000));
        Assert.Equal(27 * 1000 * 2.0 * 512 * 16 * 256, whole.Flops - 27 * 2.0 * 512 * 16 * 256);
        Assert.Equal(3000 * 27 * 2.0 * 512 * 16 * 256, second.Flops - whole.Flops);
        IReadOnlyList<OperatorCost> rows = cost.Explain(TestScenarios.Prefill(1000)).Operators;
        Assert.Equal(27 * 500_500.0 * 2 * 16 * 192, rows.Single(row => row.Operator == StepOperator.PrefillScores).Flops);
        Assert.Equal(27 * 500_500.0 * 2 * 16 * 128, rows.Single(row => row.Operator == StepOperator.PrefillValues).Flops);

        OperatorCost Expansion(BatchShape shape) => cost.Explain(shape).Operators.Single(row => row.Operator == StepOperator.LatentExpansion);
    }

    [Fact]
    public void A_calibrated_step_is_the_formula_of_its_profile()
    {
        GpuSpec h100 = GpuCatalog.Get("h100");
        KernelProfile profile = KernelProfiles.For(h100);
        IReadOnlyList<OperatorCost> rows = Cost(Lite, h100, profile).Explain(TestScenarios.Decode(64, 2000)).Operators;
        double attention = rows.Where(row => row.Operator is StepOperator.DecodeScores or StepOperator.DecodeValues).Sum(row => row.Seconds);
        var rates = new GpuRates(989.4e12, 3350e9, 132);
        double expected = profile.LatentDecode!.Seconds(rates, 64, 128_000, 16, 2.0 * 16 * 1088, 128_000 * 1152.0)
            + profile.Batched!.Seconds(rates, 16, 64, 128, 512) + profile.Batched.Seconds(rates, 16, 64, 512, 128);
        Assert.InRange(attention / (27 * expected), 0.999, 1.001);
    }

    [Fact]
    public void Every_measured_gpu_but_one_has_kernels_of_its_own_and_that_one_takes_those_of_its_like()
    {
        Assert.All(KernelProfiles.Gpus, name => Assert.NotNull(KernelProfiles.For(GpuCatalog.Get(name)).LatentDecode));
        Assert.Equal(KernelProfiles.For(GpuCatalog.Get("l40s")).LatentDecode, KernelProfiles.For(GpuCatalog.Get("rtx-4090")).LatentDecode);
    }

    private static TransformerCostModel Cost(ModelSpec model, GpuSpec gpu, KernelProfile? profile) =>
        new(model, new ClusterSpec { Gpu = gpu }, 1, TestScenarios.NoHost, true, 4096, profile: profile);
}
