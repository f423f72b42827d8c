using LlmSim.Specs;

namespace LlmSim.Costs;

/// <summary>
/// The operators of a step of one model on one of its GPUs, sorted by what their work depends on: the number of tokens,
/// the number of sampled rows, and (attention) sums over the sequences, in which it is linear.
/// </summary>
internal sealed class StepKernels
{
    private readonly ModelSpec model;
    private readonly KernelTimer timer;
    private readonly int ranks;
    private readonly long queryWidth;
    private readonly long kvWidth;
    private readonly long ffnWidth;
    private readonly long vocabulary;
    private readonly int activationBytes;
    private readonly int kvBytes;
    private readonly DataType plainType;

    /// <summary>Lays <paramref name="model"/> over <paramref name="tensorParallel"/> GPUs.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tensorParallel"/> is below 1.</exception>
    public StepKernels(ModelSpec model, int tensorParallel, KernelTimer timer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tensorParallel, 1);
        this.model = model;
        this.timer = timer;
        ranks = tensorParallel;
        queryWidth = ModelFigures.CeilDiv(model.AttentionHeads, ranks) * model.HeadSize;
        kvWidth = ModelFigures.CeilDiv(model.KvHeads, ranks) * model.HeadSize;
        ffnWidth = ModelFigures.CeilDiv(model.FfnWidth, ranks);
        vocabulary = ModelFigures.CeilDiv(model.VocabularySize, ranks);
        activationBytes = model.ActivationBytes();
        kvBytes = model.EffectiveKvType().BytesPerElement();
        plainType = model.WeightType == DataType.Fp32 ? DataType.Fp32 : DataType.Bf16;

        PrefillLaunch = Attention(prefill: true, timer.PrefillLaunch(model.Layers));
        PrefillPerToken = Attention(prefill: true, timer.PrefillTraffic(model.Layers * queryWidth * activationBytes));
        PrefillPerPair = Attention(prefill: true, timer.PrefillArithmetic(model.Layers * 2.0 * queryWidth, plainType));
        PrefillPerKey = Attention(prefill: true, timer.PrefillTraffic(model.Layers * kvWidth * kvBytes));
        DecodeLaunch = Attention(prefill: false, timer.DecodeLaunch(model.Layers));
        DecodePerKey = Attention(prefill: false,
            timer.DecodeKey(model.Layers * 2.0 * queryWidth, model.Layers * kvWidth * kvBytes, plainType));
    }

    /// <summary>Attention of a step with any prefill chunk, whatever its size.</summary>
    public StepWork PrefillLaunch { get; }

    /// <summary>Reading the query and writing the output of one prefill token.</summary>
    public StepWork PrefillPerToken { get; }

    /// <summary>
    /// Arithmetic of one query–key pair of prefill: 2·a·d FLOPs for QKᵀ and as many for softmax·V, in every layer.
    /// </summary>
    public StepWork PrefillPerPair { get; }

    /// <summary>Reading the key and value of one token in a prefill chunk's context.</summary>
    public StepWork PrefillPerKey { get; }

    /// <summary>Attention of a step with any decoding sequence, whatever its size.</summary>
    public StepWork DecodeLaunch { get; }

    /// <summary>
    /// Reading the key and value of one token in a decoding sequence's context, and the arithmetic on them.
    /// </summary>
    public StepWork DecodePerKey { get; }

    /// <summary>Everything that depends on the number of new tokens alone.</summary>
    public StepWork ForTokens(int tokens)
    {
        long layers = model.Layers;
        long hidden = model.HiddenSize;
        long residual = tokens * hidden * activationBytes;
        long rotaryWidth = 2 * (queryWidth + kvWidth) + 2 * kvWidth;
        int branches = model.GatedMlp ? 2 : 1;
        return new StepWork
        {
            [StepOperator.Embedding] = timer.Elementwise(1, 2 * residual),
            [StepOperator.Norms] = timer.Elementwise(2 * layers, 4 * residual),
            [StepOperator.QkvProjection] = Layers(tokens, hidden, queryWidth + 2 * kvWidth),
            [StepOperator.RotaryAndKvWrite] = timer.Elementwise(
                layers, tokens * (rotaryWidth * activationBytes + 2 * kvWidth * kvBytes)),
            [StepOperator.OutputProjection] = Layers(tokens, queryWidth, hidden),
            [StepOperator.MlpUp] = Layers(tokens, hidden, branches * ffnWidth),
            [StepOperator.MlpActivation] = timer.Elementwise(
                layers, tokens * (branches + 1) * ffnWidth * activationBytes),
            [StepOperator.MlpDown] = Layers(tokens, ffnWidth, hidden),
            [StepOperator.AllReduce] = timer.AllReduce(2 * layers + 1, residual, ranks),
            [StepOperator.FinalNorm] = timer.Elementwise(1, 4 * residual),
        };
    }

    /// <summary>Everything that depends on the number of sampled rows alone; nothing when there are none.</summary>
    public StepWork ForRows(int rows)
    {
        if (rows == 0)
            return new StepWork();
        double logitBytes = (double)rows * model.VocabularySize * activationBytes;
        return new StepWork
        {
            [StepOperator.LmHead] = timer.Gemm(1, rows, model.HiddenSize, vocabulary, plainType, activationBytes),
            [StepOperator.LogitsGather] = timer.AllGather(logitBytes, ranks),
            [StepOperator.Sampler] = timer.Sampler(rows, logitBytes),
        };
    }

    private OperatorWork Layers(long rows, long inner, long outer) =>
        timer.Gemm(model.Layers, rows, inner, outer, model.WeightType, activationBytes);

    /// <summary>
    /// QKᵀ and softmax·V take the same work: one reads queries and keys, the other values and writes outputs.
    /// </summary>
    private static StepWork Attention(bool prefill, OperatorWork eachProduct) => prefill
        ? new StepWork { [StepOperator.PrefillScores] = eachProduct, [StepOperator.PrefillValues] = eachProduct }
        : new StepWork { [StepOperator.DecodeScores] = eachProduct, [StepOperator.DecodeValues] = eachProduct };
}
