using LlmSim.Specs;

namespace LlmSim.Costs;

/// <summary>What follows from a model's shape: parameters, weight bytes, KV-cache bytes.</summary>
public static class ModelFigures
{
    /// <summary>
    /// Trainable parameters: embedding and LM head, and per layer the QKV and output projections, the MLP and two
    /// norms. <c>V·h·(tied ? 1 : 2) + L·[h·(a+2g)·d + a·d·h + (gated ? 3 : 2)·h·f + 2h] + h</c>.
    /// </summary>
    public static long ParameterCount(this ModelSpec model) =>
        model.Layers * LayerMatrixParameters(model, 1) + OtherParameters(model, 1);

    /// <summary>
    /// Bytes of weights that one of <paramref name="tensorParallel"/> GPUs holds. Projections, embedding and LM head
    /// are divided, norms and key/value heads beyond one per GPU are repeated. With 8-bit weights the layers' matrices
    /// take one byte an element; embedding, LM head and norms stay at two, as vLLM loads them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tensorParallel"/> is below 1.</exception>
    public static long WeightBytesPerGpu(this ModelSpec model, int tensorParallel = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tensorParallel, 1);
        return model.Layers * LayerMatrixParameters(model, tensorParallel) * model.WeightType.BytesPerElement()
            + OtherParameters(model, tensorParallel) * model.ActivationBytes();
    }

    /// <summary>
    /// KV-cache bytes of one token on one of <paramref name="tensorParallel"/> GPUs: key and value of every layer,
    /// <c>2·L·max(g/p, 1)·d·bytes</c>. Key/value heads are repeated when there are more GPUs than heads.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tensorParallel"/> is below 1.</exception>
    public static long KvBytesPerToken(this ModelSpec model, int tensorParallel = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tensorParallel, 1);
        return 2L * model.Layers * CeilDiv(model.KvHeads, tensorParallel) * model.HeadSize
            * model.EffectiveKvType().BytesPerElement();
    }

    /// <summary>
    /// Number format of the KV cache: the one asked for, else the weights' own, else BF16 when those are 8-bit.
    /// </summary>
    public static DataType EffectiveKvType(this ModelSpec model) =>
        model.KvType ?? (model.WeightType.BytesPerElement() == 1 ? DataType.Bf16 : model.WeightType);

    /// <summary>
    /// Bytes of one activation element: 4 for FP32 models, else 2; 8-bit models compute between kernels in 16 bits.
    /// </summary>
    internal static int ActivationBytes(this ModelSpec model) => Math.Max(2, model.WeightType.BytesPerElement());

    /// <summary><paramref name="dividend"/> / <paramref name="divisor"/>, rounded up.</summary>
    internal static long CeilDiv(long dividend, long divisor) => (dividend + divisor - 1) / divisor;

    /// <summary>Projections and MLP of one layer on one GPU.</summary>
    private static long LayerMatrixParameters(ModelSpec model, int tensorParallel)
    {
        long h = model.HiddenSize;
        long queryWidth = CeilDiv(model.AttentionHeads, tensorParallel) * model.HeadSize;
        long kvWidth = CeilDiv(model.KvHeads, tensorParallel) * model.HeadSize;
        long ffn = CeilDiv(model.FfnWidth, tensorParallel);
        return h * (queryWidth + 2 * kvWidth) + queryWidth * h + (model.GatedMlp ? 3 : 2) * h * ffn;
    }

    /// <summary>Embedding, LM head and norms.</summary>
    private static long OtherParameters(ModelSpec model, int tensorParallel) =>
        (model.TiedEmbeddings ? 1 : 2) * CeilDiv(model.VocabularySize, tensorParallel) * model.HiddenSize
        + (2L * model.Layers + 1) * model.HiddenSize;
}
