using LlmSim.Calibration;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Workloads;

namespace LlmSim.Costs;

/// <summary>
/// Times of single kernels from the datasheet alone: the formulas of <c>docs/performance-model.md</c>, one method a kernel family.
/// </summary>
/// <param name="gpu">The GPU.</param>
/// <param name="link">Link between the GPUs of a tensor-parallel group.</param>
/// <param name="spansNodes">Whether such a group spans nodes.</param>
/// <param name="efficiencies">What each kernel family reaches of the rates.</param>
internal class KernelTimer(GpuSpec gpu, InterconnectSpec link, bool spansNodes, KernelEfficiencies efficiencies)
{
    /// <summary>
    /// Peak rate of matrix products with weights of a type; the 16-bit rate where the GPU has no units for it.
    /// </summary>
    public static double PeakFlops(GpuSpec gpu, DataType weights) => weights switch
    {
        DataType.Fp32 => gpu.Fp32FlopsPerSecond,
        DataType.Fp8 => gpu.Fp8FlopsPerSecond ?? gpu.Fp16FlopsPerSecond,
        DataType.Int8 => gpu.Int8OpsPerSecond ?? gpu.Fp16FlopsPerSecond,
        // Four-bit weights are widened on the way into 16-bit units.
        _ => gpu.Fp16FlopsPerSecond,
    };

    /// <summary><paramref name="kernels"/> products of [rows × inner] activations by [inner × outer] weights.</summary>
    /// <remarks>t = max(2·m·n·k / (e·peak), bytes / (e'·bandwidth)) + launch.</remarks>
    public virtual OperatorWork Gemm(long kernels, long rows, long inner, long outer, DataType weights, int activationBytes)
    {
        double flops = 2.0 * rows * inner * outer;
        double weightBytes = (double)inner * outer * weights.BytesPerElement();
        double bytes = weightBytes + (double)rows * (inner + outer) * activationBytes;
        double compute = flops / (efficiencies.GemmCompute * PeakFlops(gpu, weights));
        double memory = bytes / (efficiencies.GemmMemory * gpu.MemoryBytesPerSecond);
        return new OperatorWork
        {
            Kernels = kernels,
            Flops = kernels * flops,
            Bytes = kernels * bytes,
            Compute = compute >= memory ? OperatorWork.Quanta(kernels * compute) : 0,
            Memory = compute >= memory ? 0 : OperatorWork.Quanta(kernels * memory),
            Latency = OperatorWork.Quanta(kernels * efficiencies.GemmLaunchSeconds),
        };
    }

    /// <summary>
    /// The expert products of <paramref name="layers"/> layers for some tokens, spread evenly over the experts.
    /// </summary>
    /// <remarks>
    /// t = (compute^p + memory^p)^(1/p) + launch + distinct·expert, with FLOPs at a share of the peak that falls where an
    /// expert gets few rows, and the weights of the distinct experts met at a share of the bandwidth that falls where
    /// these are small.
    /// </remarks>
    public virtual OperatorWork Experts(long layers, long tokens, ExpertProducts experts, DataType weights, int activationBytes)
    {
        long rows = tokens * experts.PerToken;
        double distinct = ModelFigures.DistinctExperts(experts.Experts, experts.PerToken, tokens);
        double flops = 2.0 * rows * experts.ExpertElements;
        double weightBytes = distinct * experts.ExpertElements * weights.BytesPerElement();
        double activations = 3 * experts.Hidden + 2.0 * experts.Matrices * experts.Width;
        double bytes = weightBytes + rows * activations * activationBytes;
        double compute = flops * (1 + efficiencies.ExpertRows * distinct / rows)
            / (efficiencies.ExpertCompute * PeakFlops(gpu, weights));
        double memory = bytes * (1 + efficiencies.ExpertBytes / weightBytes)
            / (efficiencies.ExpertMemory * gpu.MemoryBytesPerSecond);
        double body = PowerSum(compute, memory);
        double launch = efficiencies.ExpertLaunchSeconds + distinct * efficiencies.ExpertSeconds;
        return new OperatorWork
        {
            Kernels = layers,
            Flops = layers * flops,
            Bytes = layers * bytes,
            Compute = compute >= memory ? OperatorWork.Quanta(layers * body) : 0,
            Memory = compute >= memory ? 0 : OperatorWork.Quanta(layers * body),
            Latency = OperatorWork.Quanta(layers * launch),
        };
    }

    /// <summary>
    /// <paramref name="kernels"/> kernels that only move <paramref name="bytes"/> each: t = bytes / (e·bandwidth) + launch, bytes that the L2 cache
    /// holds at a higher rate.
    /// </summary>
    public virtual OperatorWork Elementwise(long kernels, double bytes) => new()
    {
        Kernels = kernels,
        Bytes = kernels * bytes,
        Memory = OperatorWork.Quanta(kernels * PassBytes(bytes) / (efficiencies.ElementwiseMemory * gpu.MemoryBytesPerSecond)),
        Latency = OperatorWork.Quanta(kernels * efficiencies.ElementwiseLaunchSeconds),
    };

    /// <summary>
    /// <paramref name="kernels"/> all-reduces of <paramref name="bytes"/> over <paramref name="ranks"/> GPUs.
    /// </summary>
    /// <remarks>
    /// The cheaper of one-shot (everybody reads all of everybody's: p − 1 messages, one latency) and two-shot or ring
    /// (reduce-scatter then all-gather: 2(p−1)/p messages, a longer floor). Across nodes only the latter.
    /// </remarks>
    public virtual OperatorWork AllReduce(long kernels, double bytes, int ranks)
    {
        if (ranks == 1)
        {
            return default;
        }

        double rate = efficiencies.LinkBandwidth * link.BytesPerSecond;
        double oneShotBytes = (ranks - 1) * bytes;
        double twoPhaseBytes = 2 * (ranks - 1) * bytes / ranks;
        double oneShot = spansNodes ? double.PositiveInfinity : link.LatencySeconds + oneShotBytes / rate;
        double twoPhase = efficiencies.TwoPhaseLatencyFactor * link.LatencySeconds + twoPhaseBytes / rate;
        return Collective(kernels, oneShot <= twoPhase ? oneShotBytes : twoPhaseBytes, Math.Min(oneShot, twoPhase));
    }

    /// <summary>
    /// One all-gather after which each of <paramref name="ranks"/> GPUs holds <paramref name="bytes"/>.
    /// </summary>
    public OperatorWork AllGather(double bytes, int ranks)
    {
        if (ranks == 1)
        {
            return default;
        }

        double rate = efficiencies.LinkBandwidth * link.BytesPerSecond;
        double received = (ranks - 1) * bytes / ranks;
        return Collective(1, received, link.LatencySeconds + received / rate);
    }

    /// <summary>One message from one GPU to another: t = latency + bytes / (e·bandwidth).</summary>
    public OperatorWork Send(double bytes, InterconnectSpec over) =>
        Collective(1, bytes, over.LatencySeconds + bytes / (efficiencies.LinkBandwidth * over.BytesPerSecond));

    /// <summary>Moving bytes between a GPU and host memory, all GPUs at once: t = bytes / (e·bandwidth).</summary>
    public OperatorWork HostCopy(double bytes) => new()
    {
        Bytes = bytes,
        Communication = OperatorWork.Quanta(bytes / (efficiencies.HostLink * gpu.HostBytesPerSecond)),
    };

    /// <summary>The sampler on some rows of logits: t = step + rows·row.</summary>
    public virtual OperatorWork Sampler(long rows, double bytes) => new()
    {
        Kernels = 1,
        Bytes = bytes,
        Memory = OperatorWork.Quanta(rows * efficiencies.SamplerRowSeconds),
        Latency = OperatorWork.Quanta(efficiencies.SamplerStepSeconds),
    };

    /// <summary>Sorting some rows of logits, which the sampler does for top-p: t = step + logits·logit.</summary>
    public OperatorWork Sort(long rows, long vocabulary) => new()
    {
        Kernels = 1,
        Memory = OperatorWork.Quanta(rows * vocabulary * efficiencies.SamplerSortSeconds),
        Latency = OperatorWork.Quanta(efficiencies.SamplerSortStepSeconds),
    };

    /// <summary>Fixed time of half a prefill-attention kernel in each of <paramref name="layers"/> layers.</summary>
    public virtual OperatorWork PrefillLaunch(long layers) => AttentionLaunch(layers, efficiencies.PrefillLaunchSeconds);

    /// <summary>What half a prefill-attention kernel takes more for each chunk, in each of <paramref name="layers"/> layers.</summary>
    public virtual OperatorWork PrefillChunk(long layers) => default;

    /// <summary>
    /// What half a prefill-attention kernel takes more for each key of the longest chunk, whose last tile runs alone, in each of
    /// <paramref name="layers"/> layers.
    /// </summary>
    public virtual OperatorWork PrefillLongest(long layers, int headSize, DataType type) => default;

    /// <summary>Arithmetic of prefill attention, to which its memory time is added.</summary>
    public virtual OperatorWork PrefillArithmetic(double flops, int headSize, DataType type) => new()
    {
        Flops = flops,
        Compute = OperatorWork.Quanta(flops / (efficiencies.PrefillCompute * PeakFlops(gpu, type))),
    };

    /// <summary>Memory traffic of prefill attention.</summary>
    public virtual OperatorWork PrefillTraffic(double bytes) => new()
    {
        Bytes = bytes,
        Memory = OperatorWork.Quanta(bytes / (efficiencies.PrefillMemory * gpu.MemoryBytesPerSecond)),
    };

    /// <summary>Whether prefill attention computes whole tiles, so that arithmetic goes by their pairs.</summary>
    public virtual bool CountsTiles => false;

    /// <summary>Whether decode attention is a curve of its own, <see cref="DecodeSeconds"/>, rather than linear in keys.</summary>
    public virtual bool HasDecodeCurve => false;

    /// <summary>
    /// Decode attention of one layer for <paramref name="sequences"/> that attend to <paramref name="context"/> keys in all, of
    /// <paramref name="keyBytes"/> each.
    /// </summary>
    public virtual double DecodeSeconds(int sequences, double context, long heads, long kvHeads, double keyBytes) =>
        throw new NotSupportedException();

    /// <summary>
    /// Decode attention of one layer to latent vectors for <paramref name="sequences"/> that attend to <paramref name="context"/> of them in all, of <paramref
    /// name="keyBytes"/> each: what a key takes, and the products that bring queries to the latents and results back.
    /// </summary>
    public virtual double LatentDecodeSeconds(int sequences, double context, LatentContext attention, double keyBytes)
    {
        double compute = attention.FlopsPerKey * context / (efficiencies.DecodeCompute * PeakFlops(gpu, DataType.Bf16));
        double memory = keyBytes * context / (efficiencies.DecodeMemory * gpu.MemoryBytesPerSecond);
        return efficiencies.DecodeLaunchSeconds + Math.Max(compute, memory) + AbsorbedSeconds(sequences, attention);
    }

    /// <summary>A product of each of <paramref name="heads"/> with a matrix of its own: t as for <see cref="Gemm"/>, in 16 bits.</summary>
    public virtual double BatchedSeconds(long heads, long rows, long inner, long outer)
    {
        double flops = 2.0 * heads * rows * inner * outer;
        double compute = flops / (efficiencies.GemmCompute * PeakFlops(gpu, DataType.Bf16));
        double memory = BatchedCoefficients.Bytes(heads, rows, inner, outer) / (efficiencies.GemmMemory * gpu.MemoryBytesPerSecond);
        return efficiencies.GemmLaunchSeconds + Math.Max(compute, memory);
    }

    /// <summary>Widening latent vectors to keys and values: arithmetic and traffic one after the other.</summary>
    public virtual OperatorWork Expansion(double flops, double bytes, DataType weights) => new()
    {
        Flops = flops,
        Bytes = bytes,
        Compute = OperatorWork.Quanta(flops / (efficiencies.GemmCompute * PeakFlops(gpu, weights))),
        Memory = OperatorWork.Quanta(bytes / (efficiencies.ElementwiseMemory * gpu.MemoryBytesPerSecond)),
    };

    /// <summary>The timer whose prefill attention is that of latent attention.</summary>
    public virtual KernelTimer ForLatents => this;

    /// <summary>Whether decoding sequences take another time beside prompt chunks, <see cref="MixedSeconds"/>.</summary>
    public virtual bool HasMixedCurve => false;

    /// <summary>
    /// What <paramref name="sequences"/> decoding sequences that attend to <paramref name="context"/> keys in all add to one layer's attention of prompt chunks.
    /// </summary>
    public virtual double MixedSeconds(int sequences, double context, long heads, long kvHeads, int headSize) => throw new NotSupportedException();

    /// <summary>
    /// Decoding sequences with <paramref name="kvHeads"/> key/value heads from which on longer ones keep the others' multiprocessors waiting; null if none do.
    /// </summary>
    public virtual int? FewestSpread(long kvHeads) => null;

    /// <summary>
    /// What half a kernel takes more for a key of the contexts' standard deviation, of which a head reads <paramref name="headBytes"/>, in each of
    /// <paramref name="layers"/> layers.
    /// </summary>
    public virtual OperatorWork Spread(long layers, double headBytes) => default;

    /// <summary>What half a kernel takes for a sequence that leaves empty a tile of the longest chunk's, in each of <paramref name="layers"/> layers.</summary>
    public virtual OperatorWork EmptyTile(long layers, long heads) => default;

    /// <summary>Fixed time of half a decode-attention kernel in each of <paramref name="layers"/> layers.</summary>
    public OperatorWork DecodeLaunch(long layers) => AttentionLaunch(layers, efficiencies.DecodeLaunchSeconds);

    /// <summary>Decode attention to one key: t = max(flops / (e·peak), bytes / (e'·bandwidth)).</summary>
    public OperatorWork DecodeKey(double flops, double bytes, DataType type)
    {
        double compute = flops / (efficiencies.DecodeCompute * PeakFlops(gpu, type));
        double memory = bytes / (efficiencies.DecodeMemory * gpu.MemoryBytesPerSecond);
        return new OperatorWork
        {
            Flops = flops,
            Bytes = bytes,
            Compute = compute >= memory ? OperatorWork.Quanta(compute) : 0,
            Memory = compute >= memory ? 0 : OperatorWork.Quanta(memory),
        };
    }

    /// <summary>The two products of decode attention that bring queries to the latents, and results back to the heads.</summary>
    protected double AbsorbedSeconds(int sequences, LatentContext attention) =>
        BatchedSeconds(attention.Heads, sequences, attention.Nope, attention.Rank) + BatchedSeconds(attention.Heads, sequences, attention.Rank, attention.ValueHeadSize);

    // Bytes that memory moves in the time of these, of which up to half the L2 cache is found there: what one kernel writes the next one reads.
    private double PassBytes(double bytes)
    {
        double cached = Math.Min(bytes, (gpu.L2CacheBytes ?? 0) / 2.0);
        return bytes - cached * (1 - efficiencies.ElementwiseMemory / efficiencies.ElementwiseCached);
    }

    // (a^p + b^p)^(1/p) by the larger of the two, which has to be above 0.
    private double PowerSum(double a, double b)
    {
        double p = efficiencies.ExpertPower;
        double ratio = DeterministicMath.Exp(p * DeterministicMath.Log(Math.Min(a, b) / Math.Max(a, b)));
        return Math.Max(a, b) * DeterministicMath.Exp(DeterministicMath.Log(1 + ratio) / p);
    }

    /// <summary>Half the fixed time of an attention kernel, in each of some layers.</summary>
    protected static OperatorWork AttentionLaunch(long layers, double launchSeconds) =>
        new() { Kernels = layers, Latency = OperatorWork.Quanta(layers * launchSeconds / 2) };

    /// <summary>Collectives of <paramref name="bytes"/> and <paramref name="seconds"/> each.</summary>
    protected static OperatorWork Collective(long kernels, double bytes, double seconds) => new()
    {
        Kernels = kernels,
        Bytes = kernels * bytes,
        Communication = OperatorWork.Quanta(kernels * seconds),
    };
}
