namespace LlmSim.Costs;

/// <summary>Prefill attention of some layers, in what it is linear in.</summary>
internal sealed class PrefillWork
{
    /// <summary>Arithmetic of one query–key pair: 2·a·d FLOPs for QKᵀ and as many for softmax·V, in every layer.</summary>
    public StepWork PerPair { get; } = new();

    /// <summary>The time of a pair in whole tiles, where that goes by them and <see cref="PerPair"/> has the FLOPs alone.</summary>
    public StepWork PerTilePair { get; } = new();

    /// <summary>Reading the key and value of one token in a chunk's context.</summary>
    public StepWork PerKey { get; } = new();
}
