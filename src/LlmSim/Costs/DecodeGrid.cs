using System.Numerics;

namespace LlmSim.Costs;

/// <summary>
/// Mean contexts at which decode attention is tabulated, the same for all batches and models: 0, 16, and then four to each doubling.
/// Between two of them, a piece, cost is linear in the context.
/// </summary>
internal static class DecodeGrid
{
    private const int FirstBits = 4;
    private const int PieceBits = 2;
    private const int PiecesPerDoubling = 1 << PieceBits;

    /// <summary>The piece that a mean context, rounded down, lies in.</summary>
    public static int PieceOf(long mean)
    {
        if (mean < 1 << FirstBits)
        {
            return 0;
        }

        int bits = BitOperations.Log2((ulong)mean);
        return 1 + ((bits - FirstBits) << PieceBits) + (int)((mean >> (bits - PieceBits)) & (PiecesPerDoubling - 1));
    }

    /// <summary>Where a piece starts.</summary>
    public static long Start(int piece) => piece == 0
        ? 0
        : (PiecesPerDoubling + (piece - 1L) % PiecesPerDoubling) << (FirstBits - PieceBits + ((piece - 1) >> PieceBits));
}
