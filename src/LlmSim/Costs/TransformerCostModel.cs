using System.Runtime.CompilerServices;
using LlmSim.Calibration;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Specs.Engines;

namespace LlmSim.Costs;

/// <summary>
/// Cost of a step in one pipeline stage, or in a model that is not split, from first principles: FLOPs and bytes of every operator against the GPU's rates, with one efficiency
/// per kernel family. Formulas and sources: <c>docs/performance-model.md</c>.
/// </summary>
/// <remarks>
/// GPU time = f(tokens) + g(rows) + attention, where attention is linear in the batch's sums, so that a step costs a
/// few integer operations and a run of decode steps is an exact arithmetic series. Not thread-safe: f and g fill tables
/// as needed.
/// </remarks>
public sealed class TransformerCostModel : StepCostModel
{
    private readonly StepKernels _kernels;
    private readonly long[] _tokenQuanta;
    private readonly long[] _rowQuanta;
    private readonly DecodeCurve? _curve;
    private readonly DecodeCurve? _mixedCurve;
    private readonly long _perEmptyTile;
    private readonly long _perSpread;
    private readonly int _fewestSpread;
    private readonly DecodeCurve? _windowedCurve;
    private readonly long _prefillPerChunk;
    private readonly long _prefillPerLongest;
    private readonly long _prefillPerTilePair;
    private readonly long _prefillLaunch;
    private readonly long _prefillPerToken;
    private readonly long _prefillPerPair;
    private readonly long _prefillPerKey;
    private readonly long _windowedPerPair;
    private readonly long _windowedPerKey;
    private readonly long _decodeLaunch;
    private readonly long _decodePerKey;
    private readonly long _windowedDecodePerKey;
    private readonly int _window;
    private readonly bool _hasHead;
    private readonly long _hostStep;
    private readonly long _hostSequence;
    private readonly long _swapPerBlock;
    private readonly bool _hasRareTerms;

    /// <summary>Creates the cost model of a deployment without a pipeline.</summary>
    /// <inheritdoc cref="TransformerCostModel(ModelStage, ClusterSpec, int, HostSpec, bool, int, KernelEfficiencies?, long, KernelProfile?, KernelScales?)"/>
    public TransformerCostModel(
        ModelSpec model, ClusterSpec cluster, int tensorParallel, HostSpec host, bool asynchronous, int maxTokens,
        KernelEfficiencies? efficiencies = null, long blockBytes = 0, KernelProfile? profile = null, KernelScales? scales = null)
        : this(ModelStage.Whole(model), cluster, tensorParallel, host, asynchronous, maxTokens, efficiencies, blockBytes, profile, scales)
    {
    }

    /// <summary>Creates the cost model of a pipeline stage.</summary>
    /// <param name="stage">What the stage holds of the model.</param>
    /// <param name="cluster">The GPUs.</param>
    /// <param name="tensorParallel">GPUs that share each layer. At least 1.</param>
    /// <param name="host">CPU time of the engine.</param>
    /// <param name="asynchronous">
    /// True when the CPU prepares the next step while the GPU computes: a step takes the longer of the two. False:
    /// their sum.
    /// </param>
    /// <param name="maxTokens">Tokens a step can have; larger steps work but are not remembered. At least 1.</param>
    /// <param name="efficiencies">What the kernels reach; null for <see cref="KernelEfficiencies.Default"/>.</param>
    /// <param name="blockBytes">Bytes of a KV block on one GPU, where steps move blocks to or from host memory; else 0, the default.</param>
    /// <param name="profile">
    /// Kernel times measured on this GPU or another, in place of <paramref name="efficiencies"/> as far as it goes; null for none.
    /// </param>
    /// <param name="scales">Factors on the kernels' times; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    /// <exception cref="OverflowException">A rate is so low that a single kernel takes hours.</exception>
    public TransformerCostModel(
        ModelStage stage, ClusterSpec cluster, int tensorParallel, HostSpec host, bool asynchronous, int maxTokens,
        KernelEfficiencies? efficiencies = null, long blockBytes = 0, KernelProfile? profile = null, KernelScales? scales = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        var gpu = cluster.Gpu;
        (var link, bool spansNodes) = (cluster.CollectiveLink(tensorParallel), cluster.SpansNodes(tensorParallel));
        efficiencies ??= KernelEfficiencies.Default;
        KernelTimer timer = profile is null
            ? new KernelTimer(gpu, link, spansNodes, efficiencies)
            : new CalibratedTimer(gpu, link, spansNodes, efficiencies, profile, maxTokens);
        _kernels = new StepKernels(stage, tensorParallel, timer, blockBytes, maxTokens, scales);
        _curve = _kernels.DecodeCurve;
        _mixedCurve = _kernels.MixedDecodeCurve;
        _perEmptyTile = _kernels.EmptyTile.Quanta;
        _perSpread = _kernels.PerSpread.Quanta;
        _fewestSpread = _kernels.FewestSpread;
        _windowedCurve = _kernels.WindowedDecodeCurve;
        _prefillPerChunk = _kernels.PrefillPerChunk.Quanta;
        _prefillPerLongest = _kernels.PrefillPerLongest.Quanta;
        _prefillPerTilePair = _kernels.Prefill.PerTilePair.Quanta;
        _tokenQuanta = new long[maxTokens + 1];
        _rowQuanta = new long[maxTokens + 1];
        _prefillLaunch = _kernels.PrefillLaunch.Quanta;
        _prefillPerToken = _kernels.PrefillPerToken.Quanta;
        _prefillPerPair = _kernels.Prefill.PerPair.Quanta;
        _prefillPerKey = _kernels.Prefill.PerKey.Quanta;
        _windowedPerPair = _kernels.WindowedPrefill.PerPair.Quanta;
        _windowedPerKey = _kernels.WindowedPrefill.PerKey.Quanta;
        _decodeLaunch = _kernels.DecodeLaunch.Quanta;
        _decodePerKey = _kernels.DecodePerKey.Quanta;
        _windowedDecodePerKey = _kernels.WindowedDecodePerKey.Quanta;
        _window = stage.Model.AttentionWindow();
        _swapPerBlock = _kernels.SwapPerBlock.Quanta;
        _hasRareTerms = _window > 0 || _swapPerBlock > 0;
        _hasHead = stage.HasHead;
        _hostStep = OperatorWork.Quanta(host.StepSeconds);
        _hostSequence = OperatorWork.Quanta(host.SequenceSeconds);
        HostOverlaps = asynchronous;
        PeakFlopsPerSecond = KernelTimer.PeakFlops(gpu, stage.Model.WeightType);
        PeakBytesPerSecond = gpu.MemoryBytesPerSecond;
    }

    /// <summary>Peak rate of the GPU for the model's weights, in FLOP per second.</summary>
    internal double PeakFlopsPerSecond { get; }

    /// <summary>Peak memory bandwidth of the GPU, in bytes per second.</summary>
    internal double PeakBytesPerSecond { get; }

    /// <summary>Steps that run as larger ones. Default none.</summary>
    internal GraphSizes Graphs
    {
        get => _kernels.Graphs;
        init => _kernels.Graphs = value;
    }

    /// <summary>Times that cost models under other factors share. Default null: none.</summary>
    internal FamilyTimes? SharedTimes
    {
        get => _kernels.Shared;
        init => _kernels.Shared = value;
    }

    /// <summary>Whether a step takes the longer of GPU and host rather than their sum.</summary>
    internal bool HostOverlaps { get; }

    /// <summary>Whether decode attention comes in straight pieces, of which neighbours may go on alike.</summary>
    internal bool HasPieces => _curve is not null || _windowedCurve is not null;

    /// <inheritdoc />
    internal override bool UsesSpread => _perSpread > 0;

    /// <inheritdoc />
    public override long StepQuanta(in BatchShape shape) =>
        shape.Tokens == 0 ? 0 : Combine(GpuQuanta(shape), HostQuanta(shape.Sequences));

    /// <inheritdoc />
    public override DecodeRunCost DecodeRun(int sequences, long context, long spread = 0)
    {
        long windowFull = (long)_window * sequences;
        bool filling = (_windowedDecodePerKey > 0 || _windowedCurve is not null) && context < windowFull;
        long valid = filling ? (windowFull - context) / sequences + 1 : long.MaxValue;
        long perKey = _decodePerKey + (filling ? _windowedDecodePerKey : 0);
        long gpu = TokenQuanta(sequences) + RowQuanta(sequences) + DecodeQuanta(context, Math.Min(context, windowFull));
        if (_curve is not null)
        {
            AddPiece(_curve.At(sequences, context), context);
        }

        if (_windowedCurve is not null)
        {
            DecodePiece piece = _windowedCurve.At(sequences, Math.Min(context, windowFull));
            if (filling)
            {
                AddPiece(piece, context);
            }
            else
            {
                gpu += piece.Quanta(windowFull);
            }
        }

        gpu += SpreadQuanta(sequences, spread);
        long growth = sequences * perKey;
        long host = HostQuanta(sequences);
        if (!HostOverlaps)
        {
            return new DecodeRunCost(gpu + host, growth, valid) { Spread = spread };
        }

        return (gpu > host
            ? new DecodeRunCost(gpu, growth, valid)
            : new DecodeRunCost(host, 0, HostBoundSteps(sequences, context, valid, host - gpu, growth))) with
        { Spread = spread };

        void AddPiece(in DecodePiece piece, long keys)
        {
            gpu += piece.Quanta(keys);
            perKey += piece.Slope;
            valid = Math.Min(valid, (piece.End - 1 - keys) / sequences + 1);
        }
    }

    /// <summary>An empty batch that also sums what this model's windowed layers compute.</summary>
    public BatchShape NewBatch() => new(_window);

    /// <summary>CPU time of the engine for a step, in seconds.</summary>
    internal double HostSeconds(in BatchShape shape) => shape.Tokens == 0 ? 0 : CostRows.Seconds(HostQuanta(shape.Sequences));

    /// <summary>One step, operator by operator.</summary>
    internal StepWork WorkOf(in BatchShape shape)
    {
        var tally = new WorkTally(Math.Max(1, shape.Tokens), Math.Max(1, shape.Sequences), _window);
        if (shape.Tokens > 0)
        {
            tally.AddStep(shape);
            tally.AddSwap(shape.SwappedBlocks);
        }

        return WorkOf(tally);
    }

    /// <summary>Many steps, operator by operator.</summary>
    /// <exception cref="ArgumentException">The tally is for another window than the model has.</exception>
    internal StepWork WorkOf(WorkTally tally)
    {
        // A stage may hold none of the windowed layers that the model has.
        if (_window > 0 && tally.Window != _window)
        {
            throw new ArgumentException($"window of {tally.Window}, but the model has {_window}", nameof(tally));
        }

        var work = new StepWork();
        for (int tokens = 1; tokens < tally.StepsByTokens.Length; tokens++)
        {
            if (tally.StepsByTokens[tokens] > 0)
            {
                work.Add(_kernels.ForTokens(tokens), tally.StepsByTokens[tokens]);
            }
        }

        for (int rows = 1; rows < tally.StepsByRows.Length; rows++)
        {
            if (tally.StepsByRows[rows] > 0)
            {
                work.Add(_kernels.ForRows(rows), tally.StepsByRows[rows]);
            }
        }

        AddAttention(work, tally);
        return work;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long GpuQuanta(in BatchShape shape)
    {
        long quanta = TokenQuanta(shape.Tokens) + RowQuanta(shape.SampledRows);
        if (shape.DecodeSequences > 0)
        {
            quanta += _decodeLaunch + shape.DecodeContext * _decodePerKey;
            if (_curve is not null)
            {
                DecodeCurve curve = shape.IsMixed ? _mixedCurve! : _curve;
                quanta += curve.At(shape.DecodeSequences, shape.DecodeContext).Quanta(shape.DecodeContext);
                quanta += _perSpread == 0 ? 0 : SpreadQuanta(shape.DecodeSequences, shape.DecodeSpread);
            }
        }

        if (shape.PrefillChunks > 0)
        {
            quanta += _prefillLaunch + shape.PrefillTokens * _prefillPerToken + shape.PrefillPairs * _prefillPerPair
                + shape.PrefillContext * _prefillPerKey + shape.PrefillChunks * _prefillPerChunk
                + shape.PrefillTilePairs * _prefillPerTilePair + shape.LongestPrefill * _prefillPerLongest
                + shape.EmptyTiles * _perEmptyTile;
        }

        return _hasRareTerms ? quanta + RareQuanta(shape) : quanta;
    }

    // What only some deployments have: windowed layers, blocks moved to or from host memory.
    private long RareQuanta(in BatchShape shape) =>
        (_windowedCurve is null || shape.DecodeSequences == 0 ? 0 : WindowedCurveQuanta(shape.DecodeSequences, shape.DecodeKeysWithin(_window)))
        + shape.SwappedBlocks * _swapPerBlock
        + shape.DecodeKeysWithin(_window) * _windowedDecodePerKey
        + shape.PairsWithin(_window) * _windowedPerPair
        + shape.KeysWithin(_window) * _windowedPerKey;

    private long SpreadQuanta(int sequences, long spread) => sequences >= _fewestSpread ? spread * _perSpread : 0;

    private long WindowedCurveQuanta(int sequences, long keys) => _windowedCurve!.At(sequences, keys).Quanta(keys);

    private long DecodeQuanta(long keys, long keysWithinWindow) =>
        _decodeLaunch + keys * _decodePerKey + keysWithinWindow * _windowedDecodePerKey;

    // How long the host needs more time than the GPU, which is `ahead` faster now; the window may fill in between.
    private long HostBoundSteps(int sequences, long context, long valid, long ahead, long growth)
    {
        long steps = growth == 0 ? long.MaxValue : ahead / growth + 1;
        if (steps < valid || valid == long.MaxValue || _curve is not null || _windowedCurve is not null)
        {
            return Math.Min(steps, valid);
        }

        var later = DecodeRun(sequences, context + valid * sequences);
        return later.First != HostQuanta(sequences) ? valid
            : later.ValidSteps == long.MaxValue ? long.MaxValue
            : valid + later.ValidSteps;
    }

    private long Combine(long gpu, long host) => HostOverlaps ? Math.Max(gpu, host) : gpu + host;

    private long HostQuanta(int sequences) => _hostStep + sequences * _hostSequence;

    // 0 stands for "not computed yet": every real step takes time.
    private long TokenQuanta(int tokens)
    {
        if (tokens >= _tokenQuanta.Length)
        {
            return _kernels.TokenQuanta(tokens);
        }

        long known = _tokenQuanta[tokens];
        return known != 0 ? known : _tokenQuanta[tokens] = _kernels.TokenQuanta(tokens);
    }

    private long RowQuanta(int rows)
    {
        if (rows == 0 || !_hasHead)
        {
            return 0;
        }

        if (rows >= _rowQuanta.Length)
        {
            return _kernels.ForRows(rows).Quanta;
        }

        long known = _rowQuanta[rows];
        return known != 0 ? known : _rowQuanta[rows] = _kernels.ForRows(rows).Quanta;
    }

    private void AddAttention(StepWork work, WorkTally tally)
    {
        work.Add(_kernels.PrefillLaunch, tally.StepsWithPrefill)
            .Add(_kernels.PrefillPerChunk, tally.PrefillChunks)
            .Add(_kernels.PrefillPerLongest, tally.LongestPrefill)
            .Add(_kernels.PrefillPerToken, tally.PrefillTokens)
            .Add(_kernels.Prefill.PerPair, tally.PrefillPairs)
            .Add(_kernels.Prefill.PerTilePair, tally.PrefillTilePairs)
            .Add(_kernels.Prefill.PerKey, tally.PrefillContext)
            .Add(_kernels.WindowedPrefill.PerPair, tally.WindowedPairs)
            .Add(_kernels.WindowedPrefill.PerKey, tally.WindowedKeys)
            .Add(_kernels.DecodeLaunch, tally.StepsWithDecode)
            .Add(_kernels.DecodePerSequence, tally.Decodes.Sequences + tally.MixedDecodes.Sequences)
            .Add(_kernels.DecodePerKey, tally.DecodeContext)
            .Add(_kernels.WindowedDecodePerKey, tally.WindowedDecodeContext)
            .Add(_kernels.EmptyTile, tally.EmptyTiles)
            .Add(_kernels.SwapPerBlock, tally.SwappedBlocks);
        work.Add(_kernels.PerSpread, tally.SpreadBySequences.Skip(_fewestSpread).Aggregate(Int128.Zero, (sum, one) => sum + one));
        AddCurve(work, _curve, tally.Decodes);
        AddCurve(work, _mixedCurve, tally.MixedDecodes);
        AddCurve(work, _windowedCurve, tally.WindowedDecodes);
    }

    // What a batch takes without any context is latency, the rest memory; half of each for either half of the kernel.
    private static void AddCurve(StepWork work, DecodeCurve? curve, DecodeTally tally)
    {
        if (curve is null)
        {
            return;
        }

        (Int128 latency, Int128 memory) = (0, 0);
        foreach ((int sequences, int piece, long steps, Int128 context) in tally.All())
        {
            DecodePiece line = curve.Piece(sequences, piece);
            Int128 floor = (Int128)steps * curve.Piece(sequences, 0).First;
            latency += floor;
            memory += (Int128)steps * line.First + (context - (Int128)steps * line.Start) * line.Slope - floor;
        }

        work.Add(StepOperator.DecodeScores, new OperatorWork { Latency = latency / 2, Memory = memory / 2 });
        work.Add(StepOperator.DecodeValues, new OperatorWork { Latency = latency - latency / 2, Memory = memory - memory / 2 });
    }
}
