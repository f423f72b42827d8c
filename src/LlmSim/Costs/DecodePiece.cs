namespace LlmSim.Costs;

/// <summary>Decode attention of one batch size over a range of contexts, in quanta.</summary>
/// <param name="Start">Least context, summed over the batch.</param>
/// <param name="End">The first context beyond.</param>
/// <param name="First">Quanta at <paramref name="Start"/>.</param>
/// <param name="Slope">Quanta of each key more. At least 0.</param>
internal readonly record struct DecodePiece(long Start, long End, long First, long Slope)
{
    /// <summary>Whether a context lies in the range.</summary>
    public bool Holds(long context) => context >= Start && context < End;

    /// <summary>Quanta at a context of the range.</summary>
    public long Quanta(long context) => First + (context - Start) * Slope;
}
