using System.Runtime.CompilerServices;
using LlmSim.Specs;
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
    /// <inheritdoc cref="TransformerCostModel(ModelStage, ClusterSpec, int, HostSpec, bool, int, KernelEfficiencies?, long)"/>
    public TransformerCostModel(
        ModelSpec model, ClusterSpec cluster, int tensorParallel, HostSpec host, bool asynchronous, int maxTokens,
        KernelEfficiencies? efficiencies = null, long blockBytes = 0)
        : this(ModelStage.Whole(model), cluster, tensorParallel, host, asynchronous, maxTokens, efficiencies, blockBytes)
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
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    /// <exception cref="OverflowException">A rate is so low that a single kernel takes hours.</exception>
    public TransformerCostModel(
        ModelStage stage, ClusterSpec cluster, int tensorParallel, HostSpec host, bool asynchronous, int maxTokens,
        KernelEfficiencies? efficiencies = null, long blockBytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        var gpu = cluster.Gpu;
        var timer = new KernelTimer(
            gpu, cluster.CollectiveLink(tensorParallel), cluster.SpansNodes(tensorParallel), efficiencies ?? KernelEfficiencies.Default);
        _kernels = new StepKernels(stage, tensorParallel, timer, blockBytes);
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

    /// <summary>Whether a step takes the longer of GPU and host rather than their sum.</summary>
    internal bool HostOverlaps { get; }

    /// <inheritdoc />
    public override long StepQuanta(in BatchShape shape) =>
        shape.Tokens == 0 ? 0 : Combine(GpuQuanta(shape), HostQuanta(shape.Sequences));

    /// <inheritdoc />
    public override DecodeRunCost DecodeRun(int sequences, long context)
    {
        long windowFull = (long)_window * sequences;
        bool filling = _windowedDecodePerKey > 0 && context < windowFull;
        long valid = filling ? (windowFull - context) / sequences + 1 : long.MaxValue;
        long growth = sequences * (_decodePerKey + (filling ? _windowedDecodePerKey : 0));
        long gpu = TokenQuanta(sequences) + RowQuanta(sequences) + DecodeQuanta(context, Math.Min(context, windowFull));
        long host = HostQuanta(sequences);
        if (!HostOverlaps)
        {
            return new DecodeRunCost(gpu + host, growth, valid);
        }

        return gpu > host
            ? new DecodeRunCost(gpu, growth, valid)
            : new DecodeRunCost(host, 0, HostBoundSteps(sequences, context, valid, host - gpu, growth));
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
        }

        if (shape.PrefillChunks > 0)
        {
            quanta += _prefillLaunch + shape.PrefillTokens * _prefillPerToken + shape.PrefillPairs * _prefillPerPair
                + shape.PrefillContext * _prefillPerKey;
        }

        return _hasRareTerms ? quanta + RareQuanta(shape) : quanta;
    }

    // What only some deployments have: windowed layers, blocks moved to or from host memory.
    private long RareQuanta(in BatchShape shape) =>
        shape.SwappedBlocks * _swapPerBlock
        + shape.DecodeKeysWithin(_window) * _windowedDecodePerKey
        + shape.PairsWithin(_window) * _windowedPerPair
        + shape.KeysWithin(_window) * _windowedPerKey;

    private long DecodeQuanta(long keys, long keysWithinWindow) =>
        _decodeLaunch + keys * _decodePerKey + keysWithinWindow * _windowedDecodePerKey;

    // How long the host needs more time than the GPU, which is `ahead` faster now; the window may fill in between.
    private long HostBoundSteps(int sequences, long context, long valid, long ahead, long growth)
    {
        long steps = growth == 0 ? long.MaxValue : ahead / growth + 1;
        if (steps < valid || valid == long.MaxValue)
        {
            return steps;
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
            return _kernels.ForTokens(tokens).Quanta;
        }

        long known = _tokenQuanta[tokens];
        return known != 0 ? known : _tokenQuanta[tokens] = _kernels.ForTokens(tokens).Quanta;
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

    private void AddAttention(StepWork work, WorkTally tally) =>
        work.Add(_kernels.PrefillLaunch, tally.StepsWithPrefill)
            .Add(_kernels.PrefillPerToken, tally.PrefillTokens)
            .Add(_kernels.Prefill.PerPair, tally.PrefillPairs)
            .Add(_kernels.Prefill.PerKey, tally.PrefillContext)
            .Add(_kernels.WindowedPrefill.PerPair, tally.WindowedPairs)
            .Add(_kernels.WindowedPrefill.PerKey, tally.WindowedKeys)
            .Add(_kernels.DecodeLaunch, tally.StepsWithDecode)
            .Add(_kernels.DecodePerKey, tally.DecodeContext)
            .Add(_kernels.WindowedDecodePerKey, tally.WindowedDecodeContext)
            .Add(_kernels.SwapPerBlock, tally.SwappedBlocks);
}
