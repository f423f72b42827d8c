using LlmSim.Specs;

namespace LlmSim.Costs;

/// <summary>
/// The operators of a step of one model on one of its GPUs, sorted by what their work depends on: the number of tokens,
/// the number of sampled rows, and (attention) sums over the sequences, in which it is linear.
/// </summary>
internal sealed class StepKernels
{
    private readonly ModelSpec _model;
    private readonly KernelTimer _timer;
    private readonly int _ranks;
    private readonly long _queryWidth;
    private readonly long _kvWidth;
    private readonly long _ffnWidth;
    private readonly long _vocabulary;
    private readonly int _activationBytes;
    private readonly int _kvBytes;
    private readonly DataType _plainType;

    /// <summary>Lays <paramref name="model"/> over <paramref name="tensorParallel"/> GPUs.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tensorParallel"/> is below 1.</exception>
    public StepKernels(ModelSpec model, int tensorParallel, KernelTimer timer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tensorParallel, 1);
        _model = model;
        _timer = timer;
        _ranks = tensorParallel;
        _queryWidth = ModelFigures.CeilDiv(model.AttentionHeads, _ranks) * model.HeadSize;
        _kvWidth = ModelFigures.CeilDiv(model.KvHeads, _ranks) * model.HeadSize;
        _ffnWidth = ModelFigures.CeilDiv(model.FfnWidth, _ranks);
        _vocabulary = ModelFigures.CeilDiv(model.VocabularySize, _ranks);
        _activationBytes = model.ActivationBytes();
        _kvBytes = model.EffectiveKvType().BytesPerElement();
        _plainType = model.WeightType == DataType.Fp32 ? DataType.Fp32 : DataType.Bf16;

        PrefillLaunch = Attention(prefill: true, timer.PrefillLaunch(model.Layers));
        PrefillPerToken = Attention(prefill: true, timer.PrefillTraffic(model.Layers * _queryWidth * _activationBytes));
        PrefillPerPair = Attention(prefill: true, timer.PrefillArithmetic(model.Layers * 2.0 * _queryWidth, _plainType));
        PrefillPerKey = Attention(prefill: true, timer.PrefillTraffic(model.Layers * _kvWidth * _kvBytes));
        DecodeLaunch = Attention(prefill: false, timer.DecodeLaunch(model.Layers));
        DecodePerKey = Attention(prefill: false,
            timer.DecodeKey(model.Layers * 2.0 * _queryWidth, model.Layers * _kvWidth * _kvBytes, _plainType));
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
        long layers = _model.Layers;
        long hidden = _model.HiddenSize;
        long residual = tokens * hidden * _activationBytes;
        long rotaryWidth = 2 * (_queryWidth + _kvWidth) + 2 * _kvWidth;
        int branches = _model.GatedMlp ? 2 : 1;
        return new StepWork
        {
            [StepOperator.Embedding] = _timer.Elementwise(1, 2 * residual),
            [StepOperator.Norms] = _timer.Elementwise(2 * layers, 4 * residual),
            [StepOperator.QkvProjection] = Layers(tokens, hidden, _queryWidth + 2 * _kvWidth),
            [StepOperator.RotaryAndKvWrite] = _timer.Elementwise(
                layers, tokens * (rotaryWidth * _activationBytes + 2 * _kvWidth * _kvBytes)),
            [StepOperator.OutputProjection] = Layers(tokens, _queryWidth, hidden),
            [StepOperator.MlpUp] = Layers(tokens, hidden, branches * _ffnWidth),
            [StepOperator.MlpActivation] = _timer.Elementwise(
                layers, tokens * (branches + 1) * _ffnWidth * _activationBytes),
            [StepOperator.MlpDown] = Layers(tokens, _ffnWidth, hidden),
            [StepOperator.AllReduce] = _timer.AllReduce(2 * layers + 1, residual, _ranks),
            [StepOperator.FinalNorm] = _timer.Elementwise(1, 4 * residual),
        };
    }

    /// <summary>Everything that depends on the number of sampled rows alone; nothing when there are none.</summary>
    public StepWork ForRows(int rows)
    {
        if (rows == 0)
        {
            return new StepWork();
        }

        double logitBytes = (double)rows * _model.VocabularySize * _activationBytes;
        return new StepWork
        {
            [StepOperator.LmHead] = _timer.Gemm(1, rows, _model.HiddenSize, _vocabulary, _plainType, _activationBytes),
            [StepOperator.LogitsGather] = _timer.AllGather(logitBytes, _ranks),
            [StepOperator.Sampler] = _timer.Sampler(rows, logitBytes),
        };
    }

    private OperatorWork Layers(long rows, long inner, long outer) =>
        _timer.Gemm(_model.Layers, rows, inner, outer, _model.WeightType, _activationBytes);

    /// <summary>
    /// QKᵀ and softmax·V take the same work: one reads queries and keys, the other values and writes outputs.
    /// </summary>
    private static StepWork Attention(bool prefill, OperatorWork eachProduct) => prefill
        ? new StepWork { [StepOperator.PrefillScores] = eachProduct, [StepOperator.PrefillValues] = eachProduct }
        : new StepWork { [StepOperator.DecodeScores] = eachProduct, [StepOperator.DecodeValues] = eachProduct };
}
