using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Zipf on a range: length k with probability k^(−shape)/Σ, by inversion of the table of sums.</summary>
internal sealed class ZipfLength(RandomStream stream, LengthSpec spec) : QuantileLength(stream, spec.Min, spec.Max)
{
    /// <summary>Most lengths in a range, 8 bytes each.</summary>
    public const int MostLengths = 1 << 20;

    private readonly int _min = spec.Min;
    private readonly WeightedTable _table = new(Weights(spec));

    /// <inheritdoc />
    public override int Quantile(double probability) => _min + _table.Find(probability);

    /// <summary>In proportion to the first, so that none overflows and the first never vanishes.</summary>
    private static double[] Weights(LengthSpec spec)
    {
        var weights = new double[spec.Max - spec.Min + 1];
        double first = DeterministicMath.Log(spec.Min);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = DeterministicMath.Exp(-spec.Shape * (DeterministicMath.Log(spec.Min + i) - first));
        }

        return weights;
    }
}
