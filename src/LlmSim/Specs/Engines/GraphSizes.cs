namespace LlmSim.Specs.Engines;

/// <summary>
/// Numbers of tokens for which the engine has captured CUDA graphs: a smaller step runs as the next of them, all of it but attention and
/// what comes behind the last layer. Larger ones run as they are.
/// </summary>
/// <param name="Largest">The largest number. 0 for none.</param>
/// <param name="CoarseFrom">From where on they are 16 apart; below 8, and 1, 2 and 4 first.</param>
internal readonly record struct GraphSizes(int Largest, int CoarseFrom = int.MaxValue)
{
    private const int Fine = 8;
    private const int Coarse = 16;

    /// <summary>The number of tokens that a step of so many runs as.</summary>
    public int Padded(int tokens)
    {
        int size = tokens <= 2 ? tokens
            : tokens <= 4 ? 4
            : tokens <= CoarseFrom ? RoundUp(tokens, Fine)
            : RoundUp(tokens, Coarse);
        return size <= Largest ? size : tokens;
    }

    private static int RoundUp(int tokens, int unit) => (tokens + unit - 1) / unit * unit;
}
