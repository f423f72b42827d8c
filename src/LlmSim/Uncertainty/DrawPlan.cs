using System.Numerics;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Uncertainty;

/// <summary>
/// Draws of the errors: the rows of an orthogonal array with two levels and mirrored rows (a fractional factorial of resolution IV), each
/// factor at plus or minus a size.
/// </summary>
/// <remarks>
/// What depends on the errors' logarithms linearly has exactly its variance over these rows, which so few random draws only have on
/// average; what each factor alone does is not mixed up with what two do together. With two sizes the rows stand for the inner and the
/// outer half of the normal distribution, each at its root mean square.
/// </remarks>
internal sealed class DrawPlan
{
    private const int FewestRows = 16;
    private static readonly double[] OneSize = [1];

    // √(1 ∓ 4·z·φ(z)) with z = 0.6745, the quartile.
    private static readonly double[] TwoSizes = [0.377693, 1.362846];

    private readonly IReadOnlyList<ErrorFactor> _factors;
    private readonly double[] _sizes;
    private readonly int _rows;
    private readonly uint[] _columns;

    /// <summary>Plans.</summary>
    /// <param name="factors">The errors.</param>
    /// <param name="twoSizes">Whether in two sizes, which takes twice as many draws.</param>
    public DrawPlan(IReadOnlyList<ErrorFactor> factors, bool twoSizes)
    {
        _factors = factors;
        _sizes = twoSizes ? TwoSizes : OneSize;

        // Columns with an odd number of ones change sign in the mirrored row; there are half as many as rows.
        _rows = Math.Max(FewestRows, (int)BitOperations.RoundUpToPowerOf2(2 * (uint)factors.Count));
        _columns = [.. Enumerable.Range(1, _rows - 1).Select(column => (uint)column).Where(IsOdd)];
    }

    /// <summary>How many draws.</summary>
    public int Draws => _rows * _sizes.Length;

    /// <summary>A factor's error in a draw, in standard deviations.</summary>
    public double At(int draw, int factor) =>
        _sizes[draw / _rows] * (IsOdd((uint)(draw % _rows) & _columns[factor]) ? 1 : -1);

    /// <summary>The scenario of a draw.</summary>
    public SimulatorConfig Scenario(SimulatorConfig config, int draw)
    {
        for (int i = 0; i < _factors.Count; i++)
        {
            config = _factors[i].Scale(config, DeterministicMath.Exp(_factors[i].Deviation * At(draw, i)));
        }

        return config;
    }

    private static bool IsOdd(uint bits) => (BitOperations.PopCount(bits) & 1) == 1;
}
