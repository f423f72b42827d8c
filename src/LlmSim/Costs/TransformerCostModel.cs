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
    private readonly StepKernels kernels;
    private readonly long[] tokenQuanta;
    private readonly long[] rowQuanta;
    private readonly long prefillLaunch;
    private readonly long prefillPerToken;
    private readonly long prefillPerPair;
    private readonly long prefillPerKey;
    private readonly long decodeLaunch;
    private readonly long decodePerKey;
    private readonly long hostStep;
    private readonly long hostSequence;
    private readonly bool hostOverlaps;
    private readonly double peakFlopsPerSecond;
    private readonly double peakBytesPerSecond;

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
        kernels = new StepKernels(
            model, tensorParallel, new KernelTimer(gpu, link, efficiencies ?? KernelEfficiencies.Default));
        tokenQuanta = new long[maxTokens + 1];
        rowQuanta = new long[maxTokens + 1];
        prefillLaunch = kernels.PrefillLaunch.Quanta;
        prefillPerToken = kernels.PrefillPerToken.Quanta;
        prefillPerPair = kernels.PrefillPerPair.Quanta;
        prefillPerKey = kernels.PrefillPerKey.Quanta;
        decodeLaunch = kernels.DecodeLaunch.Quanta;
        decodePerKey = kernels.DecodePerKey.Quanta;
        hostStep = OperatorWork.Quanta(host.StepSeconds);
        hostSequence = OperatorWork.Quanta(host.SequenceSeconds);
        hostOverlaps = asynchronous;
        peakFlopsPerSecond = KernelTimer.PeakFlops(gpu, model.WeightType);
        peakBytesPerSecond = gpu.MemoryBytesPerSecond;
    }

    /// <inheritdoc />
    public override long StepQuanta(in BatchShape shape) =>
        shape.Tokens == 0 ? 0 : Combine(GpuQuanta(shape), HostQuanta(shape.Sequences));

    /// <inheritdoc />
    public override DecodeRunCost DecodeRun(int sequences, long context)
    {
        long growth = sequences * decodePerKey;
        long gpu = TokenQuanta(sequences) + RowQuanta(sequences) + decodeLaunch + context * decodePerKey;
        long host = HostQuanta(sequences);
        if (!hostOverlaps)
            return new DecodeRunCost(gpu + host, growth, long.MaxValue);
        if (gpu > host)
            return new DecodeRunCost(gpu, growth, long.MaxValue);
        long untilGpuIsLonger = growth == 0 ? long.MaxValue : (host - gpu) / growth + 1;
        return new DecodeRunCost(host, 0, untilGpuIsLonger);
    }

    /// <summary>One step operator by operator, on one GPU.</summary>
    public StepExplanation Explain(in BatchShape shape)
    {
        var work = new StepWork();
        if (shape.Tokens > 0)
        {
            work.Add(kernels.ForTokens(shape.Tokens), 1).Add(kernels.ForRows(shape.SampledRows), 1);
            AddAttention(work, shape.PrefillChunks > 0 ? 1 : 0, shape.PrefillTokens, shape.PrefillPairs,
                shape.PrefillContext, shape.DecodeSequences > 0 ? 1 : 0, shape.DecodeContext);
        }
        long host = shape.Tokens == 0 ? 0 : HostQuanta(shape.Sequences);
        return new StepExplanation(CostRows.Of(work), CostRows.Seconds(work.Quanta), CostRows.Seconds(host),
            CostRows.Seconds(StepQuanta(shape)), hostOverlaps);
    }

    /// <summary>Where the time of many steps went, which took <paramref name="totalQuanta"/> in all.</summary>
    internal CostBreakdown Breakdown(WorkTally tally, Int128 totalQuanta)
    {
        var work = new StepWork();
        for (int tokens = 1; tokens < tally.StepsByTokens.Length; tokens++)
        {
            if (tally.StepsByTokens[tokens] > 0)
                work.Add(kernels.ForTokens(tokens), tally.StepsByTokens[tokens]);
        }
        for (int rows = 1; rows < tally.StepsByRows.Length; rows++)
        {
            if (tally.StepsByRows[rows] > 0)
                work.Add(kernels.ForRows(rows), tally.StepsByRows[rows]);
        }
        AddAttention(work, tally.StepsWithPrefill, tally.PrefillTokens, tally.PrefillPairs, tally.PrefillContext,
            tally.StepsWithDecode, tally.DecodeContext);
        return CostBreakdown.Of(work, totalQuanta, peakFlopsPerSecond, peakBytesPerSecond);
    }

    private long GpuQuanta(in BatchShape shape)
    {
        long quanta = TokenQuanta(shape.Tokens) + RowQuanta(shape.SampledRows);
        if (shape.DecodeSequences > 0)
            quanta += decodeLaunch + shape.DecodeContext * decodePerKey;
        if (shape.PrefillChunks > 0)
        {
            quanta += prefillLaunch + shape.PrefillTokens * prefillPerToken + shape.PrefillPairs * prefillPerPair
                + shape.PrefillContext * prefillPerKey;
        }
        return quanta;
    }

    private long Combine(long gpu, long host) => hostOverlaps ? Math.Max(gpu, host) : gpu + host;

    private long HostQuanta(int sequences) => hostStep + sequences * hostSequence;

    // 0 stands for "not computed yet": every real step takes time.
    private long TokenQuanta(int tokens)
    {
        if (tokens >= tokenQuanta.Length)
            return kernels.ForTokens(tokens).Quanta;
        long known = tokenQuanta[tokens];
        return known != 0 ? known : tokenQuanta[tokens] = kernels.ForTokens(tokens).Quanta;
    }

    private long RowQuanta(int rows)
    {
        if (rows == 0)
            return 0;
        if (rows >= rowQuanta.Length)
            return kernels.ForRows(rows).Quanta;
        long known = rowQuanta[rows];
        return known != 0 ? known : rowQuanta[rows] = kernels.ForRows(rows).Quanta;
    }

    private void AddAttention(StepWork work, Int128 prefillSteps, Int128 prefillTokens, Int128 prefillPairs,
        Int128 prefillContext, Int128 decodeSteps, Int128 decodeContext) =>
        work.Add(kernels.PrefillLaunch, prefillSteps)
            .Add(kernels.PrefillPerToken, prefillTokens)
            .Add(kernels.PrefillPerPair, prefillPairs)
            .Add(kernels.PrefillPerKey, prefillContext)
            .Add(kernels.DecodeLaunch, decodeSteps)
            .Add(kernels.DecodePerKey, decodeContext);
}
