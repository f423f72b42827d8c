namespace LlmSim.Serving;

/// <summary>What a waiting request found in the prefix cache.</summary>
/// <param name="Shared">Blocks that others may find too.</param>
/// <param name="Own">Blocks behind them that it left when it was thrown out.</param>
/// <param name="Free">How many of all these nobody holds at the moment.</param>
internal readonly record struct PrefixHits(int Shared, int Own, int Free)
{
    /// <summary>All of them.</summary>
    public int Blocks => Shared + Own;
}
