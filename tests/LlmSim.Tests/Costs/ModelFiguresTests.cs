using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Tests.Costs;

public sealed class ModelFiguresTests
{
    // Published counts: Llama 2 paper and model cards (6.74, 13.0, 69.0 billion), Llama 3.1 model cards (8.03, 70.6).
    [Theory]
    [InlineData("llama-2-7b", 6.74e9)]
    [InlineData("llama-2-13b", 13.0e9)]
    [InlineData("llama-2-70b", 69.0e9)]
    [InlineData("llama-3.1-8b", 8.03e9)]
    [InlineData("llama-3.1-70b", 70.6e9)]
    public void Parameter_counts_are_the_published_ones(string name, double published) =>
        Assert.InRange(ModelCatalog.Get(name).ParameterCount() / published, 0.99, 1.01);

    [Fact]
    public void Llama_2_7B_to_the_last_parameter()
    {
        // Layer: 4096·(32+64)·128 + 4096·4096 + 3·4096·11008 + 2·4096 = 202,383,360; ·32 = 6,476,267,520.
        // Embedding and head: 2·32000·4096 = 262,144,000; final norm 4096.
        var model = ModelCatalog.Get("llama-2-7b");
        Assert.Equal(6_476_267_520 + 262_144_000 + 4096, model.ParameterCount());
        Assert.Equal(2 * 6_738_415_616, model.WeightBytesPerGpu());
    }

    [Fact]
    public void Tied_embeddings_and_plain_MLP_save_parameters()
    {
        var model = ModelCatalog.Get("llama-2-7b");
        Assert.Equal(32000L * 4096, model.ParameterCount() - (model with { TiedEmbeddings = true }).ParameterCount());
        Assert.Equal(32L * 4096 * 11008, model.ParameterCount() - (model with { GatedMlp = false }).ParameterCount());
    }

    [Fact]
    public void Tensor_parallelism_divides_all_but_norms()
    {
        // Norms: (2·32 + 1)·4096 parameters of 2 bytes stay on each GPU.
        var model = ModelCatalog.Get("llama-2-7b");
        long norms = 65 * 4096 * 2;
        Assert.Equal((model.WeightBytesPerGpu() - norms) / 4 + norms, model.WeightBytesPerGpu(4));
    }

    [Fact]
    public void Key_value_heads_are_repeated_beyond_one_a_gpu()
    {
        // 2·80 layers·(8/p heads, at least 1)·128·2 bytes.
        var model = ModelCatalog.Get("llama-2-70b");
        Assert.Equal(327_680, model.KvBytesPerToken());
        Assert.Equal(81_920, model.KvBytesPerToken(4));
        Assert.Equal(40_960, model.KvBytesPerToken(8));
        Assert.Equal(40_960, model.KvBytesPerToken(16));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.KvBytesPerToken(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.WeightBytesPerGpu(0));
    }

    [Theory]
    [InlineData(DataType.Fp16, null, DataType.Fp16, 524_288)]
    [InlineData(DataType.Fp32, null, DataType.Fp32, 1_048_576)]
    [InlineData(DataType.Fp8, null, DataType.Bf16, 524_288)]
    [InlineData(DataType.Int8, null, DataType.Bf16, 524_288)]
    [InlineData(DataType.Bf16, DataType.Fp8, DataType.Fp8, 262_144)]
    public void Kv_type_follows_the_weights_unless_given(
        DataType weights, DataType? kv, DataType expected, long bytesPerToken)
    {
        var model = ModelCatalog.Get("llama-2-7b") with { WeightType = weights, KvType = kv };
        Assert.Equal(expected, model.EffectiveKvType());
        Assert.Equal(bytesPerToken, model.KvBytesPerToken());
    }

    [Fact]
    public void Eight_bit_weights_leave_embedding_head_and_norms_at_16_bits()
    {
        // Layers' matrices 32·202,375,168 = 6,476,005,376 of 1 byte; the rest (262,144,000 + 65·4096) of 2.
        var model = ModelCatalog.Get("llama-2-7b") with { WeightType = DataType.Fp8 };
        Assert.Equal(6_476_005_376 + 2 * (262_144_000 + 65 * 4096), model.WeightBytesPerGpu());
    }
}
