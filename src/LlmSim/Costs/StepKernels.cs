using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Specs.Engines;

namespace LlmSim.Costs;

/// <summary>
/// The operators of a step of one model, or of a stage of it, on one GPU, sorted by what their work depends on: the number of tokens,
/// the number of sampled rows, and (attention) sums over the sequences, in which it is linear.
/// </summary>
internal sealed class StepKernels
{
    private readonly ModelStage _stage;
    private readonly ModelSpec _model;
    private readonly KernelTimer _timer;
    private readonly int _ranks;
    private readonly int _activationBytes;
    private readonly double _kvBytes;
    private readonly DataType _plainType;
    private readonly KernelScales? _scales;
    private readonly StepWork _scratch; // one for all calls: there is one for every number of tokens that occurs
    private readonly IReadOnlyList<(long Count, BlockKernel Kernel)> _kernels;

    /// <summary>
    /// Lays <paramref name="stage"/> over <paramref name="tensorParallel"/> GPUs, on each of which a KV block has
    /// <paramref name="blockBytes"/> bytes (0 where none is ever moved).
    /// </summary>
    /// <remarks>
    /// Batches of up to <paramref name="maxSequences"/> decoding sequences are remembered. <paramref name="scales"/> are on the times of all
    /// kernels; null for none.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tensorParallel"/> is below 1.</exception>
    public StepKernels(ModelStage stage, int tensorParallel, KernelTimer timer, long blockBytes, int maxSequences, KernelScales? scales = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tensorParallel, 1);
        ModelSpec model = stage.Model;
        scales = scales is { IsSet: true } ? scales : null;
        _scales = scales;
        _scratch = new(scales);
        (PrefillLaunch, PrefillPerChunk, PrefillPerLongest, PrefillPerToken) = (new(scales), new(scales), new(scales), new(scales));
        (Prefill, WindowedPrefill) = (new(scales), new(scales));
        (DecodeLaunch, DecodePerKey, WindowedDecodePerKey, SwapPerBlock, EmptyTile) = (new(scales), new(scales), new(scales), new(scales), new(scales));
        _stage = stage;
        _model = model;
        _timer = timer;
        _ranks = tensorParallel;
        _activationBytes = model.ActivationBytes();
        _kvBytes = model.EffectiveKvType().BytesPerElement();
        _plainType = model.PlainType();
        _kernels = model.LayerKernels(tensorParallel);
        SwapPerBlock.Add(StepOperator.KvSwap, timer.HostCopy(blockBytes));
        foreach (var (count, kernel) in _kernels)
        {
            if (kernel is ContextAttention attention)
            {
                AddAttention(count, attention);
            }
            else if (kernel is LatentContext latent)
            {
                AddLatents(count, latent);
            }
        }

        DecodeCurve = Curve(windowed: false, maxSequences);
        WindowedDecodeCurve = Curve(windowed: true, maxSequences);
        MixedDecodeCurve = timer.HasMixedCurve ? Curve(windowed: false, maxSequences, mixed: true) : DecodeCurve;
    }

    /// <summary>Time of decode attention in the layers that see all tokens, where it is not linear in keys; else null.</summary>
    public DecodeCurve? DecodeCurve { get; }

    /// <summary>The same for the layers with a window, by the keys within it.</summary>
    public DecodeCurve? WindowedDecodeCurve { get; }

    /// <summary><see cref="DecodeCurve"/> for steps that compute prompt chunks as well.</summary>
    public DecodeCurve? MixedDecodeCurve { get; }

    /// <summary>What contexts of different lengths take more for each key of their standard deviation, in steps of <see cref="FewestSpread"/> sequences.</summary>
    public StepWork PerSpread { get; } = new();

    /// <summary>Fewest decoding sequences among which longer ones keep a step waiting.</summary>
    public int FewestSpread { get; private set; } = int.MaxValue;

    /// <summary>A tile of queries left empty beside a longer chunk.</summary>
    public StepWork EmptyTile { get; }

    /// <summary>Attention of a step with any prefill chunk, whatever its size.</summary>
    public StepWork PrefillLaunch { get; }

    /// <summary>Attention of each prefill chunk, whatever its size.</summary>
    public StepWork PrefillPerChunk { get; }

    /// <summary>Attention to each key of the longest prefill chunk.</summary>
    public StepWork PrefillPerLongest { get; }

    /// <summary>Reading the query and writing the output of one prefill token.</summary>
    public StepWork PrefillPerToken { get; }

    /// <summary>Prefill attention in the layers that see all tokens.</summary>
    public PrefillWork Prefill { get; }

    /// <summary>Prefill attention in the layers with a window.</summary>
    public PrefillWork WindowedPrefill { get; }

    /// <summary>Attention of a step with any decoding sequence, whatever its size.</summary>
    public StepWork DecodeLaunch { get; }

    /// <summary>Attention of each decoding sequence, whatever its context; work alone, the time is <see cref="DecodeCurve"/>'s.</summary>
    public StepWork DecodePerSequence { get; } = new();

    /// <summary>
    /// Reading the key and value of one token in a decoding sequence's context, and the arithmetic on them, in the
    /// layers that see all tokens.
    /// </summary>
    public StepWork DecodePerKey { get; }

    /// <summary>The same in the layers with a window, for a token within it.</summary>
    public StepWork WindowedDecodePerKey { get; }

    /// <summary>Moving a KV block to host memory, or back.</summary>
    public StepWork SwapPerBlock { get; }

    /// <summary>Steps that run as larger ones. Default none.</summary>
    public GraphSizes Graphs { get; set; }

    /// <summary>Times without factors, which others share; null, the default, for none.</summary>
    public FamilyTimes? Shared { get; set; }

    /// <summary>Quanta of <see cref="ForTokens(int)"/>.</summary>
    public long TokenQuanta(int tokens) => Shared is null ? ForTokens(tokens).Quanta
        : Shared.Quanta(tokens, _scales ?? KernelScales.None, plain => ForTokens(plain, new StepWork()));

    /// <summary>Everything that depends on the number of new tokens alone; good until the next such call.</summary>
    public StepWork ForTokens(int tokens) => ForTokens(tokens, _scratch.Clear());

    private StepWork ForTokens(int tokens, StepWork work)
    {
        tokens = Graphs.Padded(tokens);
        double residual = (double)tokens * _model.HiddenSize * _activationBytes;
        if (_stage.HasEmbedding)
        {
            work.Add(StepOperator.Embedding, _timer.Elementwise(1, 2 * residual));
            work.Add(StepOperator.AllReduce, _timer.AllReduce(1, residual, _ranks));
        }

        if (_stage.HasHead)
        {
            work.Add(StepOperator.FinalNorm, _timer.Elementwise(1, 4 * residual));
        }

        if (_stage.LinkToNext is { } link)
        {
            // Hidden states and residual, each GPU of a tensor-parallel group its share, put together on the other side.
            work.Add(StepOperator.StageTransfer, _timer.Send(2 * residual / _ranks, link));
            work.Add(StepOperator.StageTransfer, _timer.AllGather(2 * residual, _ranks));
        }

        foreach (var (count, kernel) in _kernels)
        {
            switch (kernel)
            {
                case MatrixProduct product:
                    work.Add(product.Operator, _timer.Gemm(
                        count, tokens, product.Inner, product.Outer, _model.WeightTypeOf(product), _activationBytes));
                    break;
                case ExpertProducts experts:
                    work.Add(experts.Operator, _timer.Experts(
                        count, tokens, experts, _model.WeightTypeOf(experts), _activationBytes));
                    break;
                case MemoryPass pass:
                    work.Add(pass.Operator, _timer.Elementwise(
                        count, tokens * (pass.Elements * _activationBytes + pass.CacheElements * _kvBytes)));
                    break;
                case ResidualReduction:
                    work.Add(StepOperator.AllReduce, _timer.AllReduce(count, residual, _ranks));
                    break;
            }
        }

        return work;
    }

    /// <summary>
    /// Everything that depends on the number of sampled rows alone, nothing when there are none; good until the next such call.
    /// </summary>
    public StepWork ForRows(int rows)
    {
        StepWork work = _scratch.Clear();
        if (rows > 0 && _stage.HasHead)
        {
            double logitBytes = (double)rows * _model.VocabularySize * _activationBytes;
            long vocabulary = ModelFigures.CeilDiv(_model.VocabularySize, _ranks);
            work.Add(StepOperator.LmHead, _timer.Gemm(
                1, rows, _model.HiddenSize, vocabulary, _plainType, _activationBytes));
            work.Add(StepOperator.LogitsGather, _timer.AllGather(logitBytes, _ranks));
            work.Add(StepOperator.Sampler, _timer.Sampler(rows, logitBytes));
            work.Add(StepOperator.Sampler, _model.Sampling == Sampling.TopP ? _timer.Sort(rows, _model.VocabularySize) : default);
        }

        return work;
    }

    // QKᵀ reads queries and keys; softmax·V, half of the same kernel, reads values and writes outputs.
    private void AddAttention(long layers, ContextAttention attention)
    {
        bool windowed = attention.Window > 0;
        var decode = windowed ? WindowedDecodePerKey : DecodePerKey;
        AddHalf(StepOperator.PrefillScores, StepOperator.DecodeScores, attention.ScoreWidth, attention.KeyElements);
        AddHalf(StepOperator.PrefillValues, StepOperator.DecodeValues, attention.ValueWidth, attention.ValueElements);

        void AddHalf(StepOperator inPrefill, StepOperator inDecode, long width, long cacheElements)
        {
            double keyBytes = layers * cacheElements * _kvBytes;
            AddPrefillHalf(_timer, inPrefill, layers, width, cacheElements * _kvBytes, _model.HeadSize, windowed);
            EmptyTile.Add(inPrefill, _timer.EmptyTile(layers, Math.Max(1, attention.ScoreWidth / _model.HeadSize)));
            long kvHeads = Math.Max(1, attention.KeyElements / _model.HeadSize);
            if (!windowed && _timer.FewestSpread(kvHeads) is { } fewest)
            {
                FewestSpread = Math.Min(FewestSpread, fewest);
                PerSpread.Add(inDecode, _timer.Spread(layers, cacheElements * _kvBytes / kvHeads));
            }

            OperatorWork launch = _timer.DecodeLaunch(layers);
            OperatorWork key = _timer.DecodeKey(layers * 2.0 * width, keyBytes, _plainType);
            DecodeLaunch.Add(inDecode, _timer.HasDecodeCurve ? new OperatorWork { Kernels = launch.Kernels } : launch);
            decode.Add(inDecode, _timer.HasDecodeCurve ? new OperatorWork { Flops = key.Flops, Bytes = key.Bytes } : key);
        }
    }

    private void AddPrefillHalf(KernelTimer timer, StepOperator op, long layers, long width, double keyBytes, int headSize, bool windowed)
    {
        PrefillWork prefill = windowed ? WindowedPrefill : Prefill;
        PrefillLaunch.Add(op, timer.PrefillLaunch(layers));
        PrefillPerChunk.Add(op, timer.PrefillChunk(layers));
        PrefillPerToken.Add(op, timer.PrefillTraffic((double)layers * width * _activationBytes));
        OperatorWork arithmetic = timer.PrefillArithmetic(layers * 2.0 * width, headSize, _plainType);
        bool countsTiles = timer.CountsTiles && !windowed;
        prefill.PerPair.Add(op, countsTiles ? new OperatorWork { Flops = arithmetic.Flops } : arithmetic);
        prefill.PerTilePair.Add(op, countsTiles ? arithmetic with { Flops = 0 } : default);
        PrefillPerLongest.Add(op, windowed ? default : timer.PrefillLongest(layers, headSize, _plainType));
        prefill.PerKey.Add(op, timer.PrefillTraffic(layers * keyBytes));
    }

    private DecodeCurve? Curve(bool windowed, int maxSequences, bool mixed = false)
    {
        var times = new DecodeTimes(_kernels, _timer, windowed, mixed, _model.HeadSize, _kvBytes, _scales?.DecodeAttention ?? 1);
        return times.IsEmpty ? null : new DecodeCurve(times.Seconds, maxSequences);
    }

    // Decode times are the curve's.
    private void AddLatents(long layers, LatentContext latent)
    {
        KernelTimer timer = _timer.ForLatents;
        DataType weights = _model.WeightTypeOf(latent);
        long cached = latent.KeptElements, widened = latent.Heads * latent.Widened;
        AddHalf(StepOperator.PrefillScores, StepOperator.DecodeScores, latent.HeadSize, latent.Nope, cached);
        AddHalf(StepOperator.PrefillValues, StepOperator.DecodeValues, latent.ValueHeadSize, latent.ValueHeadSize, latent.Rank);

        // Each latent in sight is read, widened and put together with its rotary key, in whatever chunk of its prompt.
        PrefillLaunch.Add(StepOperator.LatentExpansion, timer.Gemm(layers, 1, latent.Rank, widened, weights, _activationBytes));
        PrefillLaunch.Add(StepOperator.LatentExpansion, timer.Elementwise(layers, 0));
        Prefill.PerKey.Add(StepOperator.LatentExpansion, timer.Expansion(
            2.0 * layers * latent.Rank * widened,
            layers * (cached * _kvBytes + (2.0 * latent.Rank + 2 * widened + 2 * latent.Heads * latent.HeadSize) * _activationBytes), weights));

        void AddHalf(StepOperator inPrefill, StepOperator inDecode, long width, long own, long elements)
        {
            AddPrefillHalf(timer, inPrefill, layers, latent.Heads * width, latent.Heads * width * _activationBytes, latent.HeadSize, windowed: false);
            DecodeLaunch.Add(inDecode, new OperatorWork { Kernels = 2 * layers });
            DecodePerSequence.Add(inDecode, new OperatorWork { Flops = 2.0 * layers * latent.Heads * own * latent.Rank });
            DecodePerKey.Add(inDecode, new OperatorWork
            {
                Flops = 2.0 * layers * latent.Heads * elements,
                Bytes = inDecode == StepOperator.DecodeScores ? layers * cached * _kvBytes : 0,
            });
        }
    }
}
