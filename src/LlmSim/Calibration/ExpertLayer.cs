using System.Text.Json.Serialization;

namespace LlmSim.Calibration;

/// <summary>
/// By how much a measured expert layer differs from the form fitted to all: engines tune these kernels to the number of experts, their width and the
/// number of tokens one by one.
/// </summary>
[JsonConverter(typeof(ExpertLayerJson))]
public sealed record ExpertLayer
{
    /// <summary>Experts on one GPU.</summary>
    public required int Experts { get; init; }

    /// <summary>Width of one on one GPU.</summary>
    public required long Width { get; init; }

    /// <summary>Size of the hidden state.</summary>
    public required long Hidden { get; init; }

    /// <summary>Experts that a token goes to.</summary>
    public required int PerToken { get; init; }

    /// <summary>Measured time over the form's less 1, in thousandths, at 1, 2, 4 … tokens.</summary>
    public required IReadOnlyList<int> Thousandths { get; init; }

    /// <summary>Measured time over the form's for a number of tokens, straight between the numbers known; the nearest one's beyond.</summary>
    public double Factor(long tokens)
    {
        int last = Thousandths.Count - 1;
        int below = (int)Math.Min(last, long.Log2(Math.Max(1, tokens)));
        double along = below == last ? 0 : (double)tokens / (1L << below) - 1;
        return 1 + (Thousandths[below] + along * (Thousandths[Math.Min(last, below + 1)] - Thousandths[below])) / 1000;
    }

    /// <summary>Whether this is the layer of some experts.</summary>
    public bool Is(int experts, long width, long hidden, int perToken) =>
        (Experts, Width, Hidden, PerToken) == (experts, width, hidden, perToken);
}
