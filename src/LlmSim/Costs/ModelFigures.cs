using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Costs;

/// <summary>What follows from a model's shape: parameters, weight bytes, KV-cache bytes, distinct experts.</summary>
public static class ModelFigures
{
    /// <summary>
    /// Trainable parameters: matrices and norms of every layer, embedding, LM head and last norm. For layers that are
    /// all alike <c>V·h·(tied ? 1 : 2) + L·[h·(a+2g)·d + a·d·h + (gated ? 3 : 2)·h·f + 2h] + h</c>. Biases and norms of
    /// single heads are left out (below 0.1%).
    /// </summary>
    public static long ParameterCount(this ModelSpec model) =>
        model.LayerKernels(1).Sum(entry => entry.Count * entry.Kernel.Weights) + OtherParameters(model, 1);

    /// <summary>
    /// Parameters that one token meets, embedding and LM head included: all but those of experts it is not sent to.
    /// </summary>
    public static long ActiveParameterCount(this ModelSpec model) =>
        model.LayerKernels(1).Sum(entry => entry.Count * entry.Kernel.ActiveWeights) + OtherParameters(model, 1);

    /// <summary>
    /// Bytes of weights that one of <paramref name="tensorParallel"/> GPUs holds. Projections, experts, embedding and LM
    /// head are divided, norms, routers and key/value heads beyond one per GPU are repeated. With weights of 8 bits or
    /// fewer embedding, LM head, norms and routers stay at 16, as vLLM loads them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tensorParallel"/> is below 1.</exception>
    public static long WeightBytesPerGpu(this ModelSpec model, int tensorParallel = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tensorParallel, 1);
        return LayerBytes(model, tensorParallel) + OtherParameters(model, tensorParallel) * model.ActivationBytes();
    }

    /// <summary>
    /// Bytes of weights that one GPU of a pipeline stage holds. Where embedding and LM head share a table, first and last stage both
    /// hold it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tensorParallel"/> is below 1.</exception>
    public static long WeightBytesPerGpu(this ModelStage stage, int tensorParallel = 1)
    {
        if (stage is { HasEmbedding: true, HasHead: true })
        {
            return stage.Model.WeightBytesPerGpu(tensorParallel);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(tensorParallel, 1);
        ModelSpec model = stage.Model;
        long table = CeilDiv(model.VocabularySize, tensorParallel) * model.HiddenSize;
        long others = (stage.HasEmbedding ? table : 0) + (stage.HasHead ? table + model.HiddenSize : 0);
        return LayerBytes(model, tensorParallel) + others * model.ActivationBytes();
    }

    private static long LayerBytes(ModelSpec model, int tensorParallel)
    {
        double layers = model.LayerKernels(tensorParallel)
            .Sum(entry => entry.Count * entry.Kernel.Weights * model.WeightTypeOf(entry.Kernel).BytesPerElement());
        return (long)Math.Ceiling(layers);
    }

    /// <summary>
    /// KV-cache bytes of one token on one of <paramref name="tensorParallel"/> GPUs: key and value of every layer,
    /// <c>2·L·max(g/p, 1)·d·bytes</c> when layers are alike. Key/value heads are repeated when there are more GPUs than
    /// heads. Latent vectors are repeated on all. Windowed layers count as any other: keys that have left the window keep their place.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tensorParallel"/> is below 1.</exception>
    public static long KvBytesPerToken(this ModelSpec model, int tensorParallel = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tensorParallel, 1);
        long elements = 0;
        foreach (var (count, kernel) in model.LayerKernels(tensorParallel))
        {
            elements += count * kernel.KeptElements;
        }

        return (long)Math.Ceiling(elements * model.EffectiveKvType().BytesPerElement());
    }

    /// <summary>
    /// Number format of the KV cache: the one asked for, else the weights' own, else BF16 when those are of 8 bits or
    /// fewer.
    /// </summary>
    public static DataType EffectiveKvType(this ModelSpec model) =>
        model.KvType ?? (model.WeightType.BytesPerElement() <= 1 ? DataType.Bf16 : model.WeightType);

    /// <summary>
    /// How many different experts <paramref name="tokens"/> tokens meet on average, when each goes to <paramref
    /// name="perToken"/> of <paramref name="experts"/> and all are equally likely: <c>E·(1 − (1 − k/E)^T)</c>.
    /// </summary>
    public static double DistinctExperts(int experts, int perToken, long tokens)
    {
        // By squaring: the platform's own power differs in the last bit from machine to machine.
        double missed = 1;
        double factor = 1 - (double)perToken / experts;
        for (long left = tokens; left > 0; left >>= 1)
        {
            missed *= (left & 1) == 1 ? factor : 1;
            factor *= factor;
        }

        return experts * (1 - missed);
    }

    /// <summary>
    /// Bytes of one activation element: 4 for FP32 models, else 2; models of 8 bits or fewer compute between kernels in
    /// 16.
    /// </summary>
    internal static int ActivationBytes(this ModelSpec model) => (int)Math.Max(2, model.WeightType.BytesPerElement());

    /// <summary>Number format of what is never quantised: norms, routers, embedding, LM head, attention.</summary>
    internal static DataType PlainType(this ModelSpec model) =>
        model.WeightType == DataType.Fp32 ? DataType.Fp32 : DataType.Bf16;

    /// <summary>Number format of a kernel's weights.</summary>
    internal static DataType WeightTypeOf(this ModelSpec model, BlockKernel kernel) => kernel switch
    {
        MatrixProduct { Plain: false } or LatentContext => model.WeightType,
        ExpertProducts experts => experts.WeightType ?? model.WeightType,
        _ => model.PlainType(),
    };

    /// <summary><paramref name="dividend"/> / <paramref name="divisor"/>, rounded up.</summary>
    internal static long CeilDiv(long dividend, long divisor) => (dividend + divisor - 1) / divisor;

    /// <summary>Embedding, LM head and last norm.</summary>
    private static long OtherParameters(ModelSpec model, int tensorParallel) =>
        (model.TiedEmbeddings ? 1 : 2) * CeilDiv(model.VocabularySize, tensorParallel) * model.HiddenSize
        + model.HiddenSize;
}
