using LlmSim.Specs;

namespace LlmSim.Costs;

/// <summary>
/// Cost of a step from first principles: FLOPs and bytes of every operator against the GPU's rates, with one efficiency
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
    private readonly long _decodeLaunch;
    private readonly long _decodePerKey;
    private readonly long _hostStep;
    private readonly long _hostSequence;
    private readonly bool _hostOverlaps;
    private readonly double _peakFlopsPerSecond;
    private readonly double _peakBytesPerSecond;

    /// <summary>Creates the cost model of a deployment.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cluster">The GPUs.</param>
    /// <param name="tensorParallel">GPUs that share each layer. At least 1.</param>
    /// <param name="host">CPU time of the engine.</param>
    /// <param name="asynchronous">
    /// True when the CPU prepares the next step while the GPU computes: a step takes the longer of the two. False:
    /// their sum.
    /// </param>
    /// <param name="maxTokens">Tokens a step can have; larger steps work but are not remembered. At least 1.</param>
    /// <param name="efficiencies">What the kernels reach; null for <see cref="KernelEfficiencies.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    /// <exception cref="OverflowException">A rate is so low that a single kernel takes hours.</exception>
    public TransformerCostModel(
        ModelSpec model, ClusterSpec cluster, int tensorParallel, HostSpec host, bool asynchronous, int maxTokens,
        KernelEfficiencies? efficiencies = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        var gpu = cluster.Gpu;
        var link = cluster.Interconnect ?? gpu.Interconnect;
        _kernels = new StepKernels(
            model, tensorParallel, new KernelTimer(gpu, link, efficiencies ?? KernelEfficiencies.Default));
        _tokenQuanta = new long[maxTokens + 1];
        _rowQuanta = new long[maxTokens + 1];
        _prefillLaunch = _kernels.PrefillLaunch.Quanta;
        _prefillPerToken = _kernels.PrefillPerToken.Quanta;
        _prefillPerPair = _kernels.PrefillPerPair.Quanta;
        _prefillPerKey = _kernels.PrefillPerKey.Quanta;
        _decodeLaunch = _kernels.DecodeLaunch.Quanta;
        _decodePerKey = _kernels.DecodePerKey.Quanta;
        _hostStep = OperatorWork.Quanta(host.StepSeconds);
        _hostSequence = OperatorWork.Quanta(host.SequenceSeconds);
        _hostOverlaps = asynchronous;
        _peakFlopsPerSecond = KernelTimer.PeakFlops(gpu, model.WeightType);
        _peakBytesPerSecond = gpu.MemoryBytesPerSecond;
    }

    /// <inheritdoc />
    public override long StepQuanta(in BatchShape shape) =>
        shape.Tokens == 0 ? 0 : Combine(GpuQuanta(shape), HostQuanta(shape.Sequences));

    /// <inheritdoc />
    public override DecodeRunCost DecodeRun(int sequences, long context)
    {
        long growth = sequences * _decodePerKey;
        long gpu = TokenQuanta(sequences) + RowQuanta(sequences) + _decodeLaunch + context * _decodePerKey;
        long host = HostQuanta(sequences);
        if (!_hostOverlaps)
        {
            return new DecodeRunCost(gpu + host, growth, long.MaxValue);
        }

        if (gpu > host)
        {
            return new DecodeRunCost(gpu, growth, long.MaxValue);
        }

        long untilGpuIsLonger = growth == 0 ? long.MaxValue : (host - gpu) / growth + 1;
        return new DecodeRunCost(host, 0, untilGpuIsLonger);
    }

    /// <summary>One step operator by operator, on one GPU.</summary>
    public StepExplanation Explain(in BatchShape shape)
    {
        var work = new StepWork();
        if (shape.Tokens > 0)
        {
            work.Add(_kernels.ForTokens(shape.Tokens), 1).Add(_kernels.ForRows(shape.SampledRows), 1);
            AddAttention(work, shape.PrefillChunks > 0 ? 1 : 0, shape.PrefillTokens, shape.PrefillPairs,
                shape.PrefillContext, shape.DecodeSequences > 0 ? 1 : 0, shape.DecodeContext);
        }

        long host = shape.Tokens == 0 ? 0 : HostQuanta(shape.Sequences);
        return new StepExplanation(CostRows.Of(work), CostRows.Seconds(work.Quanta), CostRows.Seconds(host),
            CostRows.Seconds(StepQuanta(shape)), _hostOverlaps);
    }

    /// <summary>Where the time of many steps went, which took <paramref name="totalQuanta"/> in all.</summary>
    internal CostBreakdown Breakdown(WorkTally tally, Int128 totalQuanta)
    {
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

        AddAttention(work, tally.StepsWithPrefill, tally.PrefillTokens, tally.PrefillPairs, tally.PrefillContext,
            tally.StepsWithDecode, tally.DecodeContext);
        return CostBreakdown.Of(work, totalQuanta, _peakFlopsPerSecond, _peakBytesPerSecond);
    }

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

        return quanta;
    }

    private long Combine(long gpu, long host) => _hostOverlaps ? Math.Max(gpu, host) : gpu + host;

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
        if (rows == 0)
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

    private void AddAttention(StepWork work, Int128 prefillSteps, Int128 prefillTokens, Int128 prefillPairs,
        Int128 prefillContext, Int128 decodeSteps, Int128 decodeContext) =>
        work.Add(_kernels.PrefillLaunch, prefillSteps)
            .Add(_kernels.PrefillPerToken, prefillTokens)
            .Add(_kernels.PrefillPerPair, prefillPairs)
            .Add(_kernels.PrefillPerKey, prefillContext)
            .Add(_kernels.DecodeLaunch, decodeSteps)
            .Add(_kernels.DecodePerKey, decodeContext);
}
