using LlmSim.Calibration;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Costs;

/// <summary>
/// Times of single kernels from a profile, which may be another GPU's: coefficients are shares of datasheet rates. Families that the
/// profile lacks take the datasheet's formulas.
/// </summary>
internal sealed class CalibratedTimer : KernelTimer
{
    private readonly GpuSpec _gpu;
    private readonly InterconnectSpec _link;
    private readonly bool _spansNodes;
    private readonly KernelEfficiencies _efficiencies;
    private readonly KernelProfile _profile;
    private readonly int _multiprocessors;
    private readonly GemmCoefficients?[] _gemm = new GemmCoefficients?[Enum.GetValues<DataType>().Length];
    private readonly KnownSeconds<(long Inner, long Outer, DataType Weights, int ActivationBytes)> _products;
    private readonly DecodeCoefficients _grouped;
    private readonly DecodeCoefficients _multiHead;

    /// <inheritdoc cref="KernelTimer(GpuSpec, InterconnectSpec, bool, KernelEfficiencies)"/>
    /// <param name="gpu">The GPU.</param>
    /// <param name="link">Link between the GPUs of a tensor-parallel group.</param>
    /// <param name="spansNodes">Whether such a group spans nodes.</param>
    /// <param name="efficiencies">For families that the profile lacks.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="maxRows">Most rows of a matrix product whose times are remembered. Default 0: none.</param>
    public CalibratedTimer(
        GpuSpec gpu, InterconnectSpec link, bool spansNodes, KernelEfficiencies efficiencies, KernelProfile profile, int maxRows = 0)
        : base(gpu, link, spansNodes, efficiencies)
    {
        _gpu = gpu;
        _link = link;
        _spansNodes = spansNodes;
        _efficiencies = efficiencies;
        _profile = profile;
        _products = new(maxRows);
        _grouped = profile.DecodeFor(grouped: true)!;
        _multiHead = profile.DecodeFor(grouped: false)!;
        _multiprocessors = gpu.Multiprocessors ?? profile.Datasheet.Multiprocessors;
    }

    /// <inheritdoc />
    public override bool HasDecodeCurve => _profile.Decode.Count > 0;

    /// <inheritdoc />
    public override bool CountsTiles => _profile.Prefill is not null;

    /// <inheritdoc />
    public override OperatorWork Gemm(long kernels, long rows, long inner, long outer, DataType weights, int activationBytes)
    {
        if (_profile.Gemm.Count == 0)
        {
            return base.Gemm(kernels, rows, inner, outer, weights, activationBytes);
        }

        GemmCoefficients gemm = _gemm[(int)weights] ??= _profile.GemmFor(Fitted(weights))!;
        double flops = 2.0 * rows * inner * outer;
        double bytes = (double)inner * outer * weights.BytesPerElement() + (double)rows * (inner + outer) * activationBytes;
        var shape = (inner, outer, weights, activationBytes);
        double seconds = _products.Get(shape, rows);
        seconds = seconds > 0 ? seconds : _products.Keep(shape, rows, gemm.Seconds(Rates(weights), rows, inner, outer, bytes));
        return Bound(kernels, flops, bytes, seconds - gemm.LaunchSeconds, gemm.LaunchSeconds, weights);
    }

    /// <inheritdoc />
    public override OperatorWork Experts(long layers, long tokens, ExpertProducts experts, DataType weights, int activationBytes)
    {
        if (_profile.Experts.Count == 0)
        {
            return base.Experts(layers, tokens, experts, weights, activationBytes);
        }

        ExpertCoefficients fitted = _profile.ExpertsFor(weights, Fitted(weights))!;
        double rows = (double)tokens * experts.PerToken;
        double distinct = ModelFigures.DistinctExperts(experts.Experts, experts.PerToken, tokens);
        double activations = Activations(tokens);
        double seconds = MeasuredLayer(fitted, experts) is { } layer ? layer.Seconds(tokens, Form) : Form(tokens);
        double launch = fitted.LaunchSeconds + fitted.ExpertSeconds * distinct;
        launch = Math.Min(launch, seconds);
        double bytes = distinct * experts.ExpertElements * weights.BytesPerElement() + activations;
        return Bound(layers, 2 * rows * experts.ExpertElements, bytes, seconds - launch, launch, weights);

        double Activations(long ofTokens) =>
            (double)ofTokens * experts.PerToken * (3 * experts.Hidden + 2.0 * experts.Matrices * experts.Width) * activationBytes;

        double Form(long ofTokens) => fitted.Seconds(Rates(weights), (double)ofTokens * experts.PerToken,
            ModelFigures.DistinctExperts(experts.Experts, experts.PerToken, ofTokens), experts.ExpertElements, weights.BytesPerElement(),
            Activations(ofTokens), fitted.IsTuned(experts.Experts, experts.Width));
    }

    /// <inheritdoc />
    public override OperatorWork Elementwise(long kernels, double bytes) => _profile.Pass is not { } pass
        ? base.Elementwise(kernels, bytes)
        : new()
        {
            Kernels = kernels,
            Bytes = kernels * bytes,
            Memory = OperatorWork.Quanta(kernels * (pass.Seconds(Rates(DataType.Bf16), bytes) - pass.LaunchSeconds)),
            Latency = OperatorWork.Quanta(kernels * pass.LaunchSeconds),
        };

    /// <inheritdoc />
    /// <remarks>
    /// Measured times, stretched to the link: latency for latency, and bandwidth for bandwidth. Groups that were not measured take those of the
    /// next larger one.
    /// </remarks>
    public override OperatorWork AllReduce(long kernels, double bytes, int ranks)
    {
        AllReduceCurve? curve = ranks == 1 ? null : _profile.AllReduce.Where(one => one.Ranks >= ranks).MinBy(one => one.Ranks);
        (double bandwidth, double latency) = (_profile.Datasheet.LinkBytesPerSecond, _profile.Datasheet.LinkLatencySeconds);
        if (curve is null || _spansNodes || !(_link.LatencySeconds > 0) || !(latency > 0))
        {
            return base.AllReduce(kernels, bytes, ranks);
        }

        double stretch = _link.LatencySeconds / latency;
        double seconds = stretch * curve.SecondsFor(bytes * bandwidth / _link.BytesPerSecond / stretch);
        return Collective(kernels, 2.0 * (ranks - 1) * bytes / ranks, seconds);
    }

    /// <inheritdoc />
    public override OperatorWork Sampler(long rows, double bytes) => _profile.Sampler is not { } sampler
        ? base.Sampler(rows, bytes)
        : new()
        {
            Kernels = 1,
            Bytes = bytes,
            Memory = OperatorWork.Quanta(sampler.Seconds(Rates(DataType.Bf16), bytes) - sampler.StepSeconds),
            Latency = OperatorWork.Quanta(sampler.StepSeconds),
        };

    /// <inheritdoc />
    public override OperatorWork PrefillLaunch(long layers) =>
        _profile.Prefill is { } prefill ? AttentionLaunch(layers, prefill.LaunchSeconds) : base.PrefillLaunch(layers);

    /// <inheritdoc />
    public override OperatorWork PrefillChunk(long layers) => _profile.Prefill is { } prefill
        ? new() { Latency = OperatorWork.Quanta(layers * prefill.ChunkSeconds / 2) }
        : default;

    /// <inheritdoc />
    public override OperatorWork PrefillArithmetic(double flops, int headSize, DataType type) => _profile.Prefill is { } prefill
        ? new() { Flops = flops, Compute = OperatorWork.Quanta(flops / (prefill.ComputeFor(headSize) * PeakFlops(_gpu, type))) }
        : base.PrefillArithmetic(flops, headSize, type);

    /// <inheritdoc />
    public override OperatorWork PrefillLongest(long layers, int headSize, DataType type) => _profile.Prefill is { } prefill
        ? new()
        {
            // Half of a key's FLOPs against a tile of queries of one head, as the two halves of the kernel have them.
            Compute = OperatorWork.Quanta(layers * prefill.Tail * 2 * headSize * PrefillCoefficients.TileRows
                / (prefill.ComputeFor(headSize) * PeakFlops(_gpu, type) / _multiprocessors)),
        }
        : default;

    /// <inheritdoc />
    public override OperatorWork PrefillTraffic(double bytes) => _profile.Prefill is { } prefill
        ? new() { Bytes = bytes, Memory = OperatorWork.Quanta(bytes / (prefill.Memory * _gpu.MemoryBytesPerSecond)) }
        : base.PrefillTraffic(bytes);

    /// <inheritdoc />
    public override double DecodeSeconds(int sequences, double context, long heads, long kvHeads, double keyBytes)
    {
        return (heads > kvHeads ? _grouped : _multiHead).Seconds(Rates(DataType.Bf16), sequences, context, (int)heads, (int)kvHeads, context * keyBytes);
    }

    /// <inheritdoc />
    public override double LatentDecodeSeconds(int sequences, double context, LatentContext attention, double keyBytes) => _profile.LatentDecode is not { } decode
        ? base.LatentDecodeSeconds(sequences, context, attention, keyBytes)
        : AbsorbedSeconds(sequences, attention)
            + decode.Seconds(Rates(DataType.Bf16), sequences, context, attention.Heads, attention.FlopsPerKey, context * keyBytes);

    /// <inheritdoc />
    public override double BatchedSeconds(long heads, long rows, long inner, long outer) => _profile.Batched is not { } batched
        ? base.BatchedSeconds(heads, rows, inner, outer)
        : batched.Seconds(Rates(DataType.Bf16), heads, rows, inner, outer);

    /// <inheritdoc />
    public override KernelTimer ForLatents => _profile.LatentPrefill is not { } prefill ? this
        : new CalibratedTimer(_gpu, _link, _spansNodes, _efficiencies, _profile with { Prefill = prefill });

    /// <inheritdoc />
    public override OperatorWork Expansion(double flops, double bytes, DataType weights)
    {
        OperatorWork assumed = base.Expansion(flops, bytes, weights);
        return _profile.GemmFor(Fitted(weights)) is not { } gemm ? assumed
            : assumed with { Compute = OperatorWork.Quanta(flops / (gemm.Compute.Max() * PeakFlops(_gpu, weights))) };
    }

    /// <inheritdoc />
    public override bool HasMixedCurve => _profile.Mixed is not null && HasDecodeCurve;

    /// <inheritdoc />
    public override double MixedSeconds(int sequences, double context, long heads, long kvHeads, int headSize) => _profile.Mixed!.Seconds(
        Rates(DataType.Bf16), _gpu.L2CacheBytes ?? _profile.Datasheet.L2CacheBytes, sequences, context, (int)heads, (int)kvHeads, headSize);

    /// <inheritdoc />
    public override OperatorWork EmptyTile(long layers, long heads) => _profile.Mixed is not { } mixed
        ? default
        : new() { Latency = OperatorWork.Quanta(layers * heads * mixed.TileSeconds / 2) };

    /// <inheritdoc />
    public override int? FewestSpread(long kvHeads) =>
        _profile.Skew is null || !HasDecodeCurve ? null : (int)Math.Max(2, SkewCoefficients.LeastItems * _multiprocessors / kvHeads);

    /// <inheritdoc />
    public override OperatorWork Spread(long layers, double headBytes) => new()
    {
        Memory = OperatorWork.Quanta(layers * headBytes * _profile.Skew!.Share * _multiprocessors / _gpu.MemoryBytesPerSecond),
    };

    // Eight-bit kernels where the GPU has such units; else weights are widened on the way into 16-bit ones.
    private DataType Fitted(DataType weights) =>
        (weights == DataType.Fp8 && _gpu.Fp8FlopsPerSecond is not null) || (weights == DataType.Int8 && _gpu.Int8OpsPerSecond is not null)
            ? DataType.Fp8
            : DataType.Bf16;

    // Engines tune kernels to one GPU.
    private ExpertLayer? MeasuredLayer(ExpertCoefficients fitted, ExpertProducts experts) => _profile.Gpu != _gpu.Name ? null
        : fitted.Layers.FirstOrDefault(layer => layer.Is(experts.Experts, experts.Width, experts.Hidden, experts.PerToken));

    private GpuRates Rates(DataType weights) => new(PeakFlops(_gpu, weights), _gpu.MemoryBytesPerSecond, _multiprocessors);

    private OperatorWork Bound(long kernels, double flops, double bytes, double body, double launch, DataType weights)
    {
        bool compute = flops / PeakFlops(_gpu, weights) >= bytes / _gpu.MemoryBytesPerSecond;
        return new OperatorWork
        {
            Kernels = kernels,
            Flops = kernels * flops,
            Bytes = kernels * bytes,
            Compute = compute ? OperatorWork.Quanta(kernels * body) : 0,
            Memory = compute ? 0 : OperatorWork.Quanta(kernels * body),
            Latency = OperatorWork.Quanta(kernels * launch),
        };
    }
}
