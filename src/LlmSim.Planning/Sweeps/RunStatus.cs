namespace LlmSim.Planning.Sweeps;

/// <summary>What became of a run of a sweep.</summary>
internal enum RunStatus : byte
{
    /// <summary>It was simulated.</summary>
    Ok,

    /// <summary>The model or its longest sequence does not fit the GPUs' memory, or its steps take hours.</summary>
    DoesNotFit,

    /// <summary>Its values are not possible together.</summary>
    NotPossible,
}
