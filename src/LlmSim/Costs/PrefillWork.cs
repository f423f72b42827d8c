namespace LlmSim.Costs;

/// <summary>Prefill attention of some layers, in what it is linear in.</summary>
/// <param name="scales">Factors on its times; null for none.</param>
internal sealed class PrefillWork(KernelScales? scales = null)
{
    /// <summary>Arithmetic of one query–key pair: 2·a·d FLOPs for QKᵀ and as many for softmax·V, in every layer.</summary>
    public StepWork PerPair { get; } = new(scales);

    /// <summary>The time of a pair in whole tiles, where that goes by them and <see cref="PerPair"/> has the FLOPs alone.</summary>
    public StepWork PerTilePair { get; } = new(scales);

    /// <summary>Reading the key and value of one token in a chunk's context.</summary>
    public StepWork PerKey { get; } = new(scales);
}
