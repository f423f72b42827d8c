namespace LlmSim.Costs;

/// <summary>What one engine step computes, in the sums that its cost depends on.</summary>
/// <remarks>
/// A prefill chunk of q new tokens with c tokens of context before it adds q to <see cref="PrefillTokens"/>,
/// q·c + q(q+1)/2 to <see cref="PrefillPairs"/> and c + q to <see cref="PrefillContext"/>. A decoding sequence with
/// c tokens of context adds 1 to <see cref="DecodeSequences"/> and c + 1 to <see cref="DecodeContext"/>.
/// </remarks>
/// <param name="window">
/// Bound on attention in the model's windowed layers, for which pairs and keys are summed as well; 0 (default) for none.
/// </param>
public struct BatchShape(int window)
{
    private const int TileRows = 128;

    private long _pairsWithinWindow;
    private long _chunkTiles;
    private long _decodeSquares;
    private long _keysWithinWindow;

    /// <summary>Bound on attention for which pairs and keys within it are summed as well; 0 for none.</summary>
    public readonly int Window => window;

    /// <summary>New prompt tokens over all prefill chunks.</summary>
    public int PrefillTokens { get; private set; }

    /// <summary>Prefill chunks.</summary>
    public int PrefillChunks { get; private set; }

    /// <summary>Query–key pairs that causal attention computes over all prefill chunks, per head.</summary>
    public long PrefillPairs { get; private set; }

    /// <summary>Keys that the prefill chunks attend to, each chunk's counted once.</summary>
    public long PrefillContext { get; private set; }

    /// <summary>The pairs in whole tiles of 128 queries, each against all keys up to its last query, over all prefill chunks.</summary>
    public long PrefillTilePairs { get; private set; }

    /// <summary>New tokens of the longest prefill chunk.</summary>
    public int LongestChunk { get; private set; }

    /// <summary>Whether one attention kernel computes decoding sequences together with chunks of several tokens.</summary>
    internal readonly bool IsMixed => DecodeSequences > 0 && LongestChunk > 1;

    /// <summary>Tiles of queries that sequences leave empty where every sequence has as many as the longest chunk.</summary>
    internal readonly long EmptyTiles => PrefillChunks == 0 ? 0 : (long)Sequences * TilesOf(LongestChunk) - _chunkTiles - DecodeSequences;

    /// <summary>Keys of the prefill chunk that attends to most.</summary>
    public int LongestPrefill { get; private set; }

    /// <summary>Decoding sequences, one new token each.</summary>
    public int DecodeSequences { get; private set; }

    /// <summary>Keys that the decoding sequences attend to, their new tokens included.</summary>
    public long DecodeContext { get; private set; }

    /// <summary>Decoding sequences that emit nothing: padding of a static batch. They cost what the others do.</summary>
    internal int SilentSequences { get; set; }

    /// <summary>Decoding sequences that the step before passed over, so that their tokens come after a longer gap.</summary>
    internal int LateSequences { get; set; }

    /// <summary>KV blocks that one GPU moves to or from host memory before the step computes.</summary>
    internal int SwappedBlocks { get; set; }

    /// <summary>Rows sampled: decoding sequences plus chunks that end their prompt. The LM head runs on these only.</summary>
    public int SampledRows { get; private set; }

    /// <summary>New tokens in the step: rows of every matrix product but the LM head.</summary>
    public readonly int Tokens => PrefillTokens + DecodeSequences;

    /// <summary>Sequences in the step.</summary>
    public readonly int Sequences => PrefillChunks + DecodeSequences;

    /// <summary>Adds a prefill chunk of <paramref name="newTokens"/> tokens behind <paramref name="context"/> computed ones.</summary>
    public void AddPrefill(int newTokens, int context, bool endsPrompt)
    {
        PrefillTokens += newTokens;
        PrefillChunks++;
        PrefillPairs += (long)newTokens * context + (long)newTokens * (newTokens + 1) / 2;
        PrefillContext += context + newTokens;
        long tiles = TilesOf(newTokens);
        _chunkTiles += tiles;
        LongestChunk = Math.Max(LongestChunk, newTokens);
        PrefillTilePairs += tiles * TileRows * (context + TileRows / 2 * (tiles + 1));
        LongestPrefill = Math.Max(LongestPrefill, context + newTokens);
        SampledRows += endsPrompt ? 1 : 0;
        if (window > 0)
        {
            AddWithinWindow(newTokens, context);
        }
    }

    /// <summary>Adds <paramref name="sequences"/> decoding sequences that attend to <paramref name="context"/> keys in all, each to as many.</summary>
    public void AddDecode(int sequences, long context) =>
        AddDecode(sequences, context, sequences == 0 ? 0 : unchecked(context / sequences * context));

    /// <summary>Adds <paramref name="sequences"/> decoding sequences that attend to <paramref name="context"/> keys in all.</summary>
    /// <param name="sequences">How many.</param>
    /// <param name="context">Their keys.</param>
    /// <param name="squares">The sum of the squares of each one's keys, modulo 2⁶⁴.</param>
    internal void AddDecode(int sequences, long context, long squares)
    {
        DecodeSequences += sequences;
        DecodeContext += context;
        _decodeSquares = unchecked(_decodeSquares + squares);
        SampledRows += sequences;
    }

    /// <summary>Standard deviation of the keys that the decoding sequences attend to, rounded down.</summary>
    internal readonly long DecodeSpread => SpreadOf(DecodeSequences, DecodeContext, _decodeSquares);

    /// <summary>Standard deviation of some numbers, rounded down, from their sum and that of their squares modulo 2⁶⁴.</summary>
    /// <remarks>Right as long as (count · deviation)² is below 2⁶³, as 4,096 sequences of up to a million keys have it, since shifts cancel.</remarks>
    internal static long SpreadOf(int count, long sum, long squares)
    {
        long variance = unchecked(count * squares - sum * sum);
        return variance <= 0 ? 0 : (long)(Math.Sqrt(variance) / count);
    }

    private static long TilesOf(int tokens) => (tokens + (TileRows - 1)) / TileRows;

    private void AddWithinWindow(int newTokens, int context)
    {
        int growing = Math.Clamp(window - context, 0, newTokens);
        _pairsWithinWindow += (long)growing * context + (long)growing * (growing + 1) / 2
            + (long)(newTokens - growing) * window;
        _keysWithinWindow += Math.Min(context, window - 1) + newTokens;
    }

    /// <summary>
    /// <see cref="PrefillPairs"/> in layers where a token sees <paramref name="limit"/> tokens at most, itself included.
    /// Exact if that is <see cref="Window"/>, else an upper bound.
    /// </summary>
    public readonly long PairsWithin(int limit) =>
        limit == window ? _pairsWithinWindow : Math.Min(PrefillPairs, (long)limit * PrefillTokens);

    /// <summary><see cref="PrefillContext"/> in such layers; exact as <see cref="PairsWithin"/> is.</summary>
    public readonly long KeysWithin(int limit) => limit == window
        ? _keysWithinWindow
        : Math.Min(PrefillContext, PrefillTokens + (limit - 1L) * PrefillChunks);

    /// <summary>
    /// <see cref="DecodeContext"/> in such layers, as if all sequences were of the mean length: exact when all contexts lie
    /// on one side of the window, else more than there is.
    /// </summary>
    public readonly long DecodeKeysWithin(int limit) => Math.Min(DecodeContext, (long)limit * DecodeSequences);
}
