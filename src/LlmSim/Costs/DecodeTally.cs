using System.Runtime.CompilerServices;

namespace LlmSim.Costs;

/// <summary>Steps and keys of decoding batches by size and piece of <see cref="DecodeGrid"/>.</summary>
internal sealed class DecodeTally(int maxSequences)
{
    private const int FewPieces = 32;

    private readonly Cell[] _open = new Cell[maxSequences + 1];
    private readonly (long Steps, Int128 Context)[]?[] _closed = new (long Steps, Int128 Context)[maxSequences + 1][];

    /// <summary>Adds one step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int sequences, long context)
    {
        ref Cell cell = ref _open[sequences];
        if (context >= cell.End || context < cell.Start)
        {
            Turn(ref cell, sequences, context);
        }

        cell.Steps++;
        cell.Context += context;
    }

    /// <summary>Adds <paramref name="steps"/> steps, each with a key more for each sequence than the one before.</summary>
    public void AddRun(int sequences, long context, long steps)
    {
        ref Cell cell = ref _open[sequences];
        while (steps > 0)
        {
            if (context >= cell.End || context < cell.Start)
            {
                Turn(ref cell, sequences, context);
            }

            // Runs of an engine end with their piece.
            long last = context + (steps - 1) * sequences;
            long here = last < cell.End ? steps : (cell.End - 1 - context) / sequences + 1;
            cell.Steps += here;
            cell.Context += (Int128)here * context + (Int128)sequences * (here * (here - 1) / 2);
            context += here * sequences;
            steps -= here;
        }
    }

    /// <summary>Adds <paramref name="steps"/> steps that all attend to as many keys.</summary>
    public void AddSame(int sequences, long context, long steps)
    {
        if (steps > 0)
        {
            AddTo(sequences, DecodeGrid.PieceOf(context / sequences), steps, (Int128)steps * context);
        }
    }

    /// <summary>Everything added, by size and piece.</summary>
    public IEnumerable<(int Sequences, int Piece, long Steps, Int128 Context)> All()
    {
        for (int sequences = 1; sequences < _open.Length; sequences++)
        {
            Close(ref _open[sequences], sequences);
        }

        for (int sequences = 1; sequences < _closed.Length; sequences++)
        {
            foreach ((int piece, (long steps, Int128 context)) in (_closed[sequences] ?? []).Index())
            {
                if (steps > 0)
                {
                    yield return (sequences, piece, steps, context);
                }
            }
        }
    }

    /// <summary>Sequences over all steps.</summary>
    public Int128 Sequences => All().Aggregate(Int128.Zero, (sum, entry) => sum + (Int128)entry.Steps * entry.Sequences);

    private void Turn(ref Cell cell, int sequences, long context)
    {
        Close(ref cell, sequences);
        int piece = DecodeGrid.PieceOf(context / sequences);
        cell.Piece = piece;
        cell.Start = sequences * DecodeGrid.Start(piece);
        cell.End = sequences * DecodeGrid.Start(piece + 1);
    }

    private void Close(ref Cell cell, int sequences)
    {
        if (cell.Steps > 0)
        {
            AddTo(sequences, cell.Piece, cell.Steps, cell.Context);
            cell.Steps = 0;
            cell.Context = 0;
        }
    }

    private void AddTo(int sequences, int piece, long steps, Int128 context)
    {
        (long Steps, Int128 Context)[] pieces = _closed[sequences] ??= new (long Steps, Int128 Context)[FewPieces];
        if (piece >= pieces.Length)
        {
            Array.Resize(ref pieces, piece + FewPieces);
            _closed[sequences] = pieces;
        }

        pieces[piece].Steps += steps;
        pieces[piece].Context += context;
    }

    private struct Cell
    {
        public long Start;
        public long End;
        public int Piece;
        public long Steps;
        public Int128 Context;
    }
}
