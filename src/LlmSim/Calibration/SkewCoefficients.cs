namespace LlmSim.Calibration;

/// <summary>
/// What decode attention takes more when contexts differ: blocks of threads each read one head of one sequence, and those of the longest are the
/// last to end.
/// </summary>
/// <remarks>t = share·σ·bytes of a head's key and value/(B/S) for contexts of standard deviation σ, where there are so many heads that contexts are not split.</remarks>
public sealed record SkewCoefficients
{
    /// <summary>Heads of all sequences to a multiprocessor from which on contexts are not split.</summary>
    internal const int LeastItems = 2;

    /// <summary>Standard deviations that a multiprocessor is busy for longer than the others, at its share of the memory bandwidth. At least 0.</summary>
    public required double Share { get; init; }

    /// <summary>What this was fitted on.</summary>
    public FitQuality? Quality { get; init; }
}
