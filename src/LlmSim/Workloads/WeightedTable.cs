namespace LlmSim.Workloads;

/// <summary>Picks an index with a probability in proportion to its weight, by inversion: a binary search in the sums.</summary>
internal sealed class WeightedTable
{
    private readonly double[] _sums;

    /// <summary>A table of weights, each at least 0 and finite, the first above 0. The array is taken over.</summary>
    public WeightedTable(double[] weights)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            weights[i] = sum;
        }

        _sums = weights;
    }

    /// <summary>The first index whose sum of weights, its own included, is more than this share of all.</summary>
    /// <param name="probability">Above 0, below 1.</param>
    public int Find(double probability)
    {
        double target = probability * _sums[^1];
        (int low, int high) = (0, _sums.Length - 1);
        while (low < high)
        {
            int middle = (int)((uint)(low + high) / 2);
            if (_sums[middle] > target)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
