using System.Text.Json.Serialization;
using LlmSim.Workloads;

namespace LlmSim.Calibration;

/// <summary>
/// By how much measured times differ from a fitted form over two quantities, in thousandths at each doubling of either; straight between in
/// logarithms, and that of the edge beyond.
/// </summary>
[JsonConverter(typeof(SurfaceJson))]
public sealed record Surface
{
    private const double Ln2 = 0.69314718055994531;

    /// <summary>Measured time over the form's less 1, in thousandths; a row for 1, 2, 4 … of the first quantity, a column for 1, 2, 4 … of the second.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Thousandths { get; init; }

    /// <summary>Seconds at two quantities, which never fall with the first: where the factor does, they stay until the form has caught up.</summary>
    /// <param name="first">The first quantity. At least 1.</param>
    /// <param name="second">The second. At least 1.</param>
    /// <param name="form">The form's seconds at a first quantity and this second one, which never fall.</param>
    public double Seconds(double first, double second, Func<double, double> form)
    {
        (int row, double down) = Place(first, Thousandths.Count);
        (int column, double along) = Place(second, Thousandths[0].Count);
        (double here, double next) = (Factor(row), Factor(row + 1));
        double least = next >= here ? here + down * (next - here) : next;
        double seconds = least * form(first);
        for (int before = 0; before <= row; before++)
        {
            // Smaller factors of a form that was smaller still cannot exceed it.
            if (Factor(before) > least)
            {
                seconds = Math.Max(seconds, Factor(before) * form(1L << before));
            }
        }

        return seconds;

        double Factor(int at) => 1 + (At(at, column) + along * (At(at, column + 1) - At(at, column))) / 1000;
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
