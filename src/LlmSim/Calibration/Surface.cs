using System.Text.Json.Serialization;
using LlmSim.Workloads;

namespace LlmSim.Calibration;

/// <summary>
/// By how much measured times differ from a fitted form over two quantities, in thousandths at each doubling of either; bilinear between in
/// logarithms, and that of the edge beyond.
/// </summary>
[JsonConverter(typeof(SurfaceJson))]
public sealed record Surface
{
    private const double Ln2 = 0.69314718055994531;

    /// <summary>Measured time over the form's less 1, in thousandths; a row for 1, 2, 4 … of the first quantity, a column for 1, 2, 4 … of the second.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Thousandths { get; init; }

    /// <summary>Measured time over the form's at two quantities, both above 0.</summary>
    public double Factor(double first, double second)
    {
        (int row, double down) = Place(first, Thousandths.Count);
        (int column, double along) = Place(second, Thousandths[0].Count);
        double above = At(row, column) + along * (At(row, column + 1) - At(row, column));
        double below = At(row + 1, column) + along * (At(row + 1, column + 1) - At(row + 1, column));
        return 1 + (above + down * (below - above)) / 1000;
    }

    /// <summary>The doublings of a quantity, from 0 for 1.</summary>
    internal static double Doublings(double quantity) => DeterministicMath.Log(quantity) / Ln2;

    private static (int Index, double Beyond) Place(double quantity, int count)
    {
        double doublings = Math.Clamp(Doublings(quantity), 0, count - 1);
        int index = (int)doublings;
        return (index, doublings - index);
    }

    private int At(int row, int column) =>
        Thousandths[Math.Min(row, Thousandths.Count - 1)][Math.Min(column, Thousandths[0].Count - 1)];
}
