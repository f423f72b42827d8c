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

    private readonly int[][] _rows = [];

    /// <summary>Measured time over the form's less 1, in thousandths; a row for 1, 2, 4 … of the first quantity, a column for 1, 2, 4 … of the second.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Thousandths
    {
        get => _rows;
        init => _rows = [.. value.Select(row => row.ToArray())];
    }

    /// <summary>Seconds at two quantities, which never fall with the first: where the factor does, they stay until the form has caught up.</summary>
    /// <param name="first">The first quantity. At least 1.</param>
    /// <param name="second">The second. At least 1.</param>
    /// <param name="form">The form's seconds at a first quantity and this second one, which never fall.</param>
    public double Seconds(double first, double second, Func<double, double> form)
    {
        (int row, double down) = Place(first, _rows.Length);
        (int column, double along) = Place(second, _rows[0].Length);
        (double here, double next) = (Factor(row), Factor(row + 1));
        double least = next >= here ? here + down * (next - here) : next;
        double most = form(first);
        double seconds = least * most;
        for (int before = row; before >= 0; before--)
        {
            // The form is not asked where even what it was further on would not exceed this.
            double factor = Factor(before);
            if (factor * most > seconds)
            {
                most = form(1L << before);
                seconds = Math.Max(seconds, factor * most);
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
        _rows[Math.Min(row, _rows.Length - 1)][Math.Min(column, _rows[0].Length - 1)];
}
