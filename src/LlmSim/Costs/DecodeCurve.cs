using System.Runtime.CompilerServices;

namespace LlmSim.Costs;

/// <summary>
/// A smooth time of decode attention as straight pieces in whole quanta, on <see cref="DecodeGrid"/>. Pieces join without a step, and
/// are made as they are needed. Not thread-safe.
/// </summary>
/// <param name="seconds">Time for a number of sequences and the keys they attend to in all. Never falls with keys.</param>
/// <param name="maxSequences">Largest batch that is remembered; larger ones are worked out anew each time.</param>
internal sealed class DecodeCurve(Func<int, double, double> seconds, int maxSequences)
{
    private readonly DecodePiece[] _latest = new DecodePiece[maxSequences + 1];
    private readonly List<DecodePiece>?[] _pieces = new List<DecodePiece>?[maxSequences + 1];

    /// <summary>The piece that holds a context.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DecodePiece At(int sequences, long context)
    {
        if ((uint)sequences < (uint)_latest.Length)
        {
            DecodePiece latest = _latest[sequences];
            if (latest.Holds(context))
            {
                return latest;
            }
        }

        return Find(sequences, context);
    }

    /// <summary>One piece of a batch size.</summary>
    public DecodePiece Piece(int sequences, int piece)
    {
        List<DecodePiece> pieces = sequences < _pieces.Length ? _pieces[sequences] ??= [] : [];
        while (pieces.Count <= piece)
        {
            pieces.Add(Next(sequences, pieces));
        }

        return pieces[piece];
    }

    private DecodePiece Find(int sequences, long context)
    {
        DecodePiece found = Piece(sequences, DecodeGrid.PieceOf(context / sequences));
        if (sequences < _latest.Length)
        {
            _latest[sequences] = found;
        }

        return found;
    }

    private DecodePiece Next(int sequences, List<DecodePiece> before)
    {
        long start = sequences * DecodeGrid.Start(before.Count);
        long end = sequences * DecodeGrid.Start(before.Count + 1);
        long first = before.Count == 0 ? OperatorWork.Quanta(seconds(sequences, start)) : before[^1].Quanta(start);
        long last = OperatorWork.Quanta(seconds(sequences, end));
        return new DecodePiece(start, end, first, Math.Max(0, (last - first) / (end - start)));
    }
}
