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

    /// <summary>Seconds for a number of tokens: straight between the numbers known, never falling, by the form beyond.</summary>
    /// <param name="tokens">How many. At least 1.</param>
    /// <param name="form">The time of the form, which never falls.</param>
    public double Seconds(long tokens, Func<long, double> form)
    {
        int last = Thousandths.Count - 1;
        int below = (int)Math.Min(last, long.Log2(tokens));
        double least = 0;
        for (int i = 0; i <= below; i++)
        {
            least = Math.Max(least, Known(i));
        }

        return below == last
            ? Math.Max(least, form(tokens) * (1 + Thousandths[last] / 1000.0))
            : least + (Math.Max(least, Known(below + 1)) - least) * ((double)tokens / (1L << below) - 1);

        double Known(int doubling) => form(1L << doubling) * (1 + Thousandths[doubling] / 1000.0);
    }

    /// <summary>Whether this is the layer of some experts.</summary>
    public bool Is(int experts, long width, long hidden, int perToken) =>
        (Experts, Width, Hidden, PerToken) == (experts, width, hidden, perToken);
}
